#pragma once

#include "services/core/error.h"

#include <tl/expected.hpp>

namespace sandglass {

/// A value or the Error that stands in its place. Ignoring one is a compile error.
template <class T> class [[nodiscard]] Result : public tl::expected<T, Error>
{
public:
    using tl::expected<T, Error>::expected;
};

/// Result<void> says only whether it worked.
using Done = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> failure(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

[[nodiscard]] inline tl::unexpected<Error> failure(ErrorKind kind, QString detail)
{
    return failure(Error{kind, std::move(detail), {}, {}, 0});
}

} // namespace sandglass

#define SANDGLASS_JOIN_(a, b) a##b
#define SANDGLASS_JOIN(a, b) SANDGLASS_JOIN_(a, b)
#define SANDGLASS_CHECK_(checked, expression)                                                      \
    do {                                                                                           \
        if (auto checked = (expression); !checked)                                                 \
            return ::sandglass::failure(std::move(checked).error());                               \
    } while (false)
#define SANDGLASS_TRY_(result, declaration, expression)                                            \
    auto result = (expression);                                                                    \
    if (!result)                                                                                   \
        return ::sandglass::failure(std::move(result).error());                                    \
    declaration = *std::move(result)

// The names are counted, because one of these may stand in a function that is an argument of
// another.

/// SANDGLASS_TRY(const auto info, client.info()): declares info, or returns the error to the
/// caller.
#define SANDGLASS_TRY(declaration, expression)                                                     \
    SANDGLASS_TRY_(SANDGLASS_JOIN(tryResult, __COUNTER__), declaration, expression)

/// SANDGLASS_CHECK(client.start(id)): goes on, or returns the error to the caller.
#define SANDGLASS_CHECK(expression)                                                                \
    SANDGLASS_CHECK_(SANDGLASS_JOIN(checkResult, __COUNTER__), expression)
