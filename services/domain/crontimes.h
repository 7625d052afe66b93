#pragma once

#include "services/core/clock.h"
#include "services/core/result.h"

#include <QDate>
#include <QTimeZone>

#include <bitset>
#include <optional>

namespace sandglass {

/// Times of the wall clock as cron describes them (crontab(5)): "minute hour day month weekday",
/// each a number, a name (JAN, MON), a range, a list, or all of them, with steps ("*/15");
/// or @hourly, @daily, @weekly, @monthly, @yearly. When neither day nor weekday begins with "*", a
/// day that matches either of them matches.
class CronTimes
{
public:
    /// InvalidArgument, with the field that is wrong, also for times that never come (31 February).
    [[nodiscard]] static Result<CronTimes> parse(const QString &text);

    /// The first time after `after` and not at it; nothing: there is none before year 10000. A time
    /// that the wall clock of the zone skips comes at the first moment after the gap, together with
    /// what is due there; one that the clock shows twice comes when it does so first.
    [[nodiscard]] std::optional<Timestamp> next(Timestamp after, const QTimeZone &zone) const;

    /// The last time after `after` and not after `until`; nothing: there is none. Takes some dozen
    /// looks for next(), however many times lie between the two.
    [[nodiscard]] std::optional<Timestamp>
    newest(Timestamp after, Timestamp until, const QTimeZone &zone) const;

private:
    using Numbers = std::bitset<64>;

    [[nodiscard]] static Result<Numbers> parseField(int position, const QString &text);
    [[nodiscard]] bool matches(QDate day) const;
    [[nodiscard]] std::optional<QDate> dayFrom(QDate first) const;
    [[nodiscard]] std::optional<int> minuteFrom(int first) const; // of the day

    Numbers m_minutes;
    Numbers m_hours;
    Numbers m_days; // from 1
    Numbers m_months; // from 1
    Numbers m_weekdays; // from 0, Sunday
    bool m_eitherDay = false; // day or weekday is enough
};

} // namespace sandglass
