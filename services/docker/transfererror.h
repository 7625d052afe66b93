#pragma once

#include "services/core/error.h"

#include <QString>

#include <optional>

namespace sandglass {

/// What an engine's words about a transfer mean.
struct TransferFailure
{
    ErrorKind kind = ErrorKind::Engine;
    int httpStatus = 0; ///< the registry's, when the words have it

    bool operator==(const TransferFailure &) const = default;
};

/// Understands the words of engines that cannot say by a status what happened between them and a
/// registry; nothing when they are not certain. "denied" comes before "unauthorized", because a
/// registry answers both to an account that may only read.
[[nodiscard]] std::optional<TransferFailure> transferFailure(const QString &words);

} // namespace sandglass
