#include "services/domain/calendarperiods.h"

#include "services/domain/ttl.h"

#include <QDateTime>

#include <algorithm>
#include <chrono>

namespace sandglass {

namespace {

constexpr qint64 quarterMilliseconds = 900'000;
constexpr qint64 hourMilliseconds = 3'600'000;
constexpr qint64 dayMilliseconds = 86'400'000;
constexpr qint64 mondayBeforeEpoch = 3; // days: 1970-01-01 was a Thursday

qint64 withinCalendar(Timestamp time)
{
    return std::clamp<qint64>(toMilliseconds(time), 0, endOfCalendarMilliseconds);
}

qint64 floorOf(qint64 dividend, qint64 divisor)
{
    return dividend >= 0 ? dividend / divisor : (dividend - divisor + 1) / divisor;
}

} // namespace

int CalendarPeriods::offsetSeconds(qint64 milliseconds)
{
    const qint64 quarter = milliseconds / quarterMilliseconds;
    if (const auto known = m_offsets.constFind(quarter); known != m_offsets.constEnd())
        return *known;
    const int offset = m_zone.offsetFromUtc(
        QDateTime::fromMSecsSinceEpoch(quarter * quarterMilliseconds, Qt::UTC));
    m_offsets.insert(quarter, offset);
    return offset;
}

qint64 CalendarPeriods::hour(Timestamp time)
{
    const qint64 at = withinCalendar(time);
    const int offset = offsetSeconds(at);
    // A repeated hour has the same number on the clock and another offset.
    return floorOf(at + offset * 1'000LL, hourMilliseconds) * 1'000 + offset / 900;
}

qint64 CalendarPeriods::day(Timestamp time)
{
    const qint64 at = withinCalendar(time);
    return floorOf(at + offsetSeconds(at) * 1'000LL, dayMilliseconds);
}

qint64 CalendarPeriods::week(Timestamp time)
{
    return floorOf(day(time) + mondayBeforeEpoch, 7);
}

qint64 CalendarPeriods::month(Timestamp time)
{
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day(time)}}};
    return qint64(int(date.year())) * 12 + unsigned(date.month());
}

} // namespace sandglass
