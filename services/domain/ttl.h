#pragma once

#include "services/core/clock.h"
#include "services/core/result.h"

#include <optional>

namespace sandglass {

/// Two weeks, as users of Indexify know it.
inline constexpr qint64 defaultTtlSeconds = 1'209'600;

/// 9999-12-31T23:59:59.999Z, the end of what calendars and date formats agree on.
inline constexpr qint64 endOfCalendarMilliseconds = 253'402'300'799'999;

/// When what was created then expires; nothing for a TTL of 0 (never) or one that ends after year
/// 9999.
[[nodiscard]] std::optional<Timestamp> expiryOf(Timestamp created, qint64 ttlSeconds);

/// Expired when age >= TTL; 0 = never. The age is never negative, so a clock that steps back
/// expires nothing. Any value of the arguments is safe.
[[nodiscard]] bool isExpired(Timestamp created, qint64 ttlSeconds, Timestamp now);

/// Accepts 0 and every TTL whose end lies before year 10000; InvalidArgument otherwise.
[[nodiscard]] Result<qint64> validateTtl(qint64 ttlSeconds, Timestamp now);

} // namespace sandglass
