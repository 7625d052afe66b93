#include "services/domain/crontimes.h"

#include <QDateTime>
#include <QStringList>

#include <algorithm>
#include <array>
#include <span>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype longestText = 256;
constexpr int lastYear = 9999;
constexpr int calendarCycleYears = 400; // then the days of the week are those of before, too
constexpr int minutesPerHour = 60;
constexpr int minutesPerDay = 24 * minutesPerHour;
constexpr qint64 millisecondsPerMinute = 60'000;
/// No wall clock is that far from UTC.
constexpr qint64 farthestOffset = 26LL * minutesPerHour * millisecondsPerMinute;

enum FieldPosition { MinuteField, HourField, DayField, MonthField, WeekdayField, FieldCount };

struct FieldRule
{
    QLatin1StringView name;
    int least;
    int most;
    std::span<const QLatin1StringView> words; ///< of the numbers from `least` on
};

constexpr std::array monthWords{
    "JAN"_L1,
    "FEB"_L1,
    "MAR"_L1,
    "APR"_L1,
    "MAY"_L1,
    "JUN"_L1,
    "JUL"_L1,
    "AUG"_L1,
    "SEP"_L1,
    "OCT"_L1,
    "NOV"_L1,
    "DEC"_L1};
constexpr std::array weekdayWords{
    "SUN"_L1, "MON"_L1, "TUE"_L1, "WED"_L1, "THU"_L1, "FRI"_L1, "SAT"_L1};
constexpr int sundayAtTheEnd = 7; // cron's other name for it

constexpr std::array<FieldRule, FieldCount> fieldRules{{
    {"minute"_L1, 0, 59, {}},
    {"hour"_L1, 0, 23, {}},
    {"day"_L1, 1, 31, {}},
    {"month"_L1, 1, 12, monthWords},
    {"weekday"_L1, 0, sundayAtTheEnd, weekdayWords},
}};

constexpr std::array shortForms{
    std::pair{"@hourly"_L1, "0 * * * *"_L1},
    std::pair{"@daily"_L1, "0 0 * * *"_L1},
    std::pair{"@weekly"_L1, "0 0 * * 0"_L1},
    std::pair{"@monthly"_L1, "0 0 1 * *"_L1},
    std::pair{"@yearly"_L1, "0 0 1 1 *"_L1},
};

tl::unexpected<Error> wrongField(const FieldRule &rule, const QString &why)
{
    return failure(
        ErrorKind::InvalidArgument, u"the %1 of the cron times: %2"_s.arg(rule.name, why));
}

QString allowedBy(const FieldRule &rule)
{
    const QString numbers = u"a number from %1 to %2"_s.arg(rule.least).arg(rule.most);
    if (rule.words.empty())
        return numbers;
    return numbers + u" or one of %1 to %2"_s.arg(rule.words.front(), rule.words.back());
}

std::optional<int> plainNumber(const QString &text)
{
    const bool isPlain = !text.isEmpty() && text.size() <= 4
        && std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    return isPlain ? std::optional(text.toInt()) : std::nullopt;
}

Result<int> parseNumber(const FieldRule &rule, const QString &text)
{
    const auto word =
        std::find_if(rule.words.begin(), rule.words.end(), [&text](QLatin1StringView known) {
            return text.compare(known, Qt::CaseInsensitive) == 0;
        });
    if (word != rule.words.end())
        return rule.least + int(word - rule.words.begin());
    const auto number = plainNumber(text);
    if (!number || *number < rule.least || *number > rule.most)
        return wrongField(rule, u"\"%1\" is not %2"_s.arg(text, allowedBy(rule)));
    return *number;
}

struct NumberRange
{
    int first = 0;
    int last = 0;
};

/// "*", "5" or "1-5".
Result<NumberRange> parseRange(const FieldRule &rule, const QString &text)
{
    if (text == "*"_L1)
        return NumberRange{rule.least, rule.most};
    const QStringList ends = text.split(u'-');
    NumberRange range;
    SANDGLASS_TRY(range.first, parseNumber(rule, ends.first()));
    range.last = range.first;
    if (ends.size() > 1) {
        SANDGLASS_TRY(range.last, parseNumber(rule, text.section(u'-', 1)));
        // "FRI-SUN": the week may end with Sunday.
        if (rule.most == sundayAtTheEnd && range.last == 0 && range.first > 0)
            range.last = sundayAtTheEnd;
        if (range.last < range.first)
            return wrongField(rule, u"the range \"%1\" goes backwards"_s.arg(text));
    }
    return range;
}

/// 1 where none is given.
Result<int> parseStep(const FieldRule &rule, const QString &item)
{
    if (!item.contains(u'/'))
        return 1;
    const QString range = item.section(u'/', 0, 0);
    if (range != "*"_L1 && !range.contains(u'-'))
        return wrongField(rule, u"the step of \"%1\" follows neither a range nor *"_s.arg(item));
    const int most = rule.most - rule.least;
    const auto step = plainNumber(item.section(u'/', 1));
    if (!step || *step < 1 || *step > most) {
        return wrongField(
            rule, u"the step of \"%1\" is not a number from 1 to %2"_s.arg(item).arg(most));
    }
    return *step;
}

qint64 wallTime(Timestamp at, const QTimeZone &zone)
{
    const qint64 utc = toMilliseconds(at);
    const int offset = zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(utc, Qt::UTC));
    return utc + offset * 1000LL;
}

/// The first moment at which the zone's wall clock shows this time or a later one. Wall clock times
/// are milliseconds since 1970-01-01 00:00 on that clock.
Timestamp firstMoment(qint64 wall, const QTimeZone &zone)
{
    qint64 from = wall - farthestOffset;
    const QDateTime begin = QDateTime::fromMSecsSinceEpoch(from, Qt::UTC);
    const QDateTime end = QDateTime::fromMSecsSinceEpoch(wall + farthestOffset, Qt::UTC);
    qint64 offset = zone.offsetFromUtc(begin) * 1000LL;
    const QTimeZone::OffsetDataList transitions = zone.transitions(begin, end);
    for (const QTimeZone::OffsetData &transition : transitions) {
        const qint64 at = transition.atUtc.toMSecsSinceEpoch();
        if (wall - offset < at)
            break;
        from = at;
        offset = transition.offsetFromUtc * 1000LL;
    }
    return fromMilliseconds(std::max(from, wall - offset));
}

} // namespace

Result<CronTimes::Numbers> CronTimes::parseField(int position, const QString &text)
{
    const FieldRule &rule = fieldRules.at(position);
    Numbers numbers;
    for (const QString &item : text.split(u',')) {
        SANDGLASS_TRY(const int step, parseStep(rule, item));
        SANDGLASS_TRY(const NumberRange range, parseRange(rule, item.section(u'/', 0, 0)));
        for (int number = range.first; number <= range.last; number += step)
            numbers.set(position == WeekdayField ? number % sundayAtTheEnd : number);
    }
    return numbers;
}

Result<CronTimes> CronTimes::parse(const QString &text)
{
    QString spelledOut = text.left(longestText + 1).simplified();
    if (text.size() > longestText) {
        return failure(
            ErrorKind::InvalidArgument,
            u"the cron times are longer than %1 characters"_s.arg(longestText));
    }
    for (const auto &[name, meaning] : shortForms) {
        if (spelledOut.compare(name, Qt::CaseInsensitive) == 0)
            spelledOut = meaning;
    }
    const QStringList fields = spelledOut.split(u' ', Qt::SkipEmptyParts);
    if (fields.size() != FieldCount) {
        return failure(
            ErrorKind::InvalidArgument,
            u"the cron times \"%1\" are not five fields, \"minute hour day month weekday\", nor "
            "one of @hourly, @daily, @weekly, @monthly and @yearly"_s.arg(text.left(80)));
    }
    CronTimes times;
    SANDGLASS_TRY(times.m_minutes, parseField(MinuteField, fields.at(MinuteField)));
    SANDGLASS_TRY(times.m_hours, parseField(HourField, fields.at(HourField)));
    SANDGLASS_TRY(times.m_days, parseField(DayField, fields.at(DayField)));
    SANDGLASS_TRY(times.m_months, parseField(MonthField, fields.at(MonthField)));
    SANDGLASS_TRY(times.m_weekdays, parseField(WeekdayField, fields.at(WeekdayField)));
    times.m_eitherDay =
        !fields.at(DayField).startsWith(u'*') && !fields.at(WeekdayField).startsWith(u'*');
    if (!times.dayFrom(QDate(2000, 1, 1))) {
        return wrongField(
            fieldRules.at(DayField),
            u"\"%1\" never comes in month \"%2\""_s.arg(
                fields.at(DayField), fields.at(MonthField)));
    }
    return times;
}

bool CronTimes::matches(QDate day) const
{
    const bool isDay = m_days.test(day.day());
    const bool isWeekday = m_weekdays.test(day.dayOfWeek() % sundayAtTheEnd);
    return m_eitherDay ? isDay || isWeekday : isDay && isWeekday;
}

std::optional<QDate> CronTimes::dayFrom(QDate first) const
{
    const QDate end = first.addYears(calendarCycleYears);
    for (QDate day = first; day < end;) {
        if (!m_months.test(day.month()))
            day = QDate(day.year(), day.month(), 1).addMonths(1);
        else if (!matches(day))
            day = day.addDays(1);
        else
            return day;
    }
    return std::nullopt;
}

std::optional<int> CronTimes::minuteFrom(int first) const
{
    for (int minute = first; minute < minutesPerDay;) {
        if (!m_hours.test(minute / minutesPerHour))
            minute = (minute / minutesPerHour + 1) * minutesPerHour;
        else if (!m_minutes.test(minute % minutesPerHour))
            ++minute;
        else
            return minute;
    }
    return std::nullopt;
}

std::optional<Timestamp> CronTimes::next(Timestamp after, const QTimeZone &zone) const
{
    // What the wall clock showed earlier than now came no later than now: whatever the zone does,
    // later times on the wall clock never come before earlier ones.
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(wallTime(after, zone), Qt::UTC);
    int firstMinute = int(now.time().msecsSinceStartOfDay() / millisecondsPerMinute) + 1;
    for (auto day = dayFrom(now.date()); day && day->year() <= lastYear;
         day = dayFrom(day->addDays(1))) {
        if (*day != now.date())
            firstMinute = 0;
        const qint64 midnight = day->startOfDay(Qt::UTC).toMSecsSinceEpoch();
        for (auto minute = minuteFrom(firstMinute); minute; minute = minuteFrom(*minute + 1)) {
            const Timestamp at = firstMoment(midnight + *minute * millisecondsPerMinute, zone);
            if (at > after) // not so while the clock shows again what it showed before
                return at;
        }
    }
    return std::nullopt;
}

std::optional<Timestamp>
CronTimes::newest(Timestamp after, Timestamp until, const QTimeZone &zone) const
{
    std::optional<Timestamp> found;
    Timestamp known = after; // at it, or after it, is the newest
    Timestamp none = until; // there is none after it, up to `until`
    while (known < none) {
        const Timestamp middle = known + (none - known) / 2;
        const auto at = next(middle, zone);
        if (at && *at <= until)
            found = known = *at;
        else
            none = middle;
    }
    return found;
}

} // namespace sandglass
