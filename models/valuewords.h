#pragma once

#include "services/core/clock.h"

#include <QString>

#include <optional>

namespace sandglass {

/// Values in words for people, in the user's language and locale. Pure but for the locale; any
/// thread.

/// "1.5 MiB"; a dash for nothing.
[[nodiscard]] QString sizeText(std::optional<qint64> bytes);

/// Date and time of day, in the user's time zone and short format.
[[nodiscard]] QString momentText(Timestamp time);
/// A dash for nothing.
[[nodiscard]] QString momentText(std::optional<Timestamp> time);

/// The two largest units, rounded down: "3 days 4 hours", "12 seconds"; "under 1 second", and "0
/// seconds" for nothing and less.
[[nodiscard]] QString durationText(std::chrono::milliseconds duration);

/// The largest unit, rounded down, and on which side of now: "in 3 days", "2 hours ago".
[[nodiscard]] QString distanceText(Timestamp time, Timestamp now);

/// What a TTL is called: "14 days", "90 minutes"; "never expires" for 0.
[[nodiscard]] QString ttlText(qint64 ttlSeconds);

/// When it expires, and how far off that is: "5/14/24 (in 3 days)", with the time of day when that
/// is less than two days off; "never" for nothing.
[[nodiscard]] QString expiryText(std::optional<Timestamp> expiry, Timestamp now);

/// What stands where there is nothing to say.
[[nodiscard]] QString noValueText();

} // namespace sandglass
