#pragma once

#include "services/core/clock.h"

#include <QHash>
#include <QTimeZone>

namespace sandglass {

/// The calendar periods of a time zone, by numbers that are the same for times in the same period
/// and different for others. What lies outside of the years 1970 to 9999 counts as their first or
/// last moment. Remembers offsets, so that many times cost little.
class CalendarPeriods
{
public:
    explicit CalendarPeriods(QTimeZone zone)
        : m_zone(std::move(zone))
    { }

    [[nodiscard]] qint64
    hour(Timestamp time); ///< the two hours that a clock put back repeats differ
    [[nodiscard]] qint64 day(Timestamp time);
    [[nodiscard]] qint64 week(Timestamp time); ///< from Monday (ISO 8601)
    [[nodiscard]] qint64 month(Timestamp time);

private:
    [[nodiscard]] int offsetSeconds(qint64 milliseconds);

    QTimeZone m_zone;
    QHash<qint64, int> m_offsets; // by quarters of an hour, between which no zone changes
};

} // namespace sandglass
