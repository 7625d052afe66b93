#include "services/domain/snapshotschedule.h"

#include "services/domain/crontimes.h"
#include "services/domain/imagereference.h"
#include "services/domain/labelselector.h"
#include "services/domain/ttl.h"

#include <QDateTime>
#include <QRegularExpression>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestPattern = 128;
constexpr qsizetype longestNameInTag = 60;

/// A sandbox's name as it can stand in a tag, everything else as '-'; its id when nothing is left.
QString nameInTag(const Sandbox &sandbox)
{
    static const QRegularExpression others(u"[^A-Za-z0-9_.-]+"_s);
    static const QRegularExpression badStart(u"\\A[.-]+"_s);
    QString name = sandbox.displayName;
    name.replace(others, u"-"_s).remove(badStart);
    return name.isEmpty() ? sandbox.id.text() : name.left(longestNameInTag);
}

QString filledIn(const QString &pattern, const QDateTime &local, const QString &name)
{
    QString tag = pattern;
    tag.replace(u"{date}"_s, local.date().toString(Qt::ISODate));
    tag.replace(u"{time}"_s, local.time().toString(u"HHmm"_s));
    return tag.replace(u"{sandbox}"_s, name);
}

Done checkTagPattern(const QString &pattern)
{
    static const QRegularExpression placeholder(u"\\{[^}]*\\}?"_s);
    if (pattern.isEmpty())
        return {};
    if (pattern.size() > longestPattern) {
        return failure(
            ErrorKind::InvalidArgument,
            u"the tag pattern is longer than %1 characters"_s.arg(longestPattern));
    }
    for (auto it = placeholder.globalMatch(pattern); it.hasNext();) {
        const QString text = it.next().captured();
        if (text != "{date}"_L1 && text != "{time}"_L1 && text != "{sandbox}"_L1) {
            return failure(
                ErrorKind::InvalidArgument,
                u"\"%1\" is not {date}, {time} or {sandbox}, which a tag pattern may have"_s.arg(
                    text.left(80)));
        }
    }
    const QDateTime someTime(QDate(2000, 1, 1), QTime(0, 0), Qt::UTC);
    const QString longest = filledIn(pattern, someTime, QString(longestNameInTag, u'a'));
    SANDGLASS_CHECK(validateTag(longest));
    if (isSnapshotTag(filledIn(pattern, someTime, u"sb-1"_s))) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" makes tags that snapshots get by themselves; choose another pattern"_s.arg(
                pattern));
    }
    return {};
}

Result<QTimeZone> timeZoneOf(const QString &name)
{
    const QByteArray id = name.toLatin1();
    // Qt takes "UTC+02:00" for a zone, too; others do not.
    const bool isOffset = name.startsWith("UTC+"_L1) || name.startsWith("UTC-"_L1);
    if (isOffset || QString::fromLatin1(id) != name || !QTimeZone::isTimeZoneIdAvailable(id)) {
        return failure(
            ErrorKind::InvalidArgument,
            u"the time zone \"%1\" is not known here; write one such as Europe/Berlin or UTC"_s.arg(
                name.left(80)));
    }
    return QTimeZone(id);
}

} // namespace

bool SnapshotSchedule::isSameAs(const SnapshotSchedule &other) const
{
    return namespaceName == other.namespaceName && name == other.name && sandbox == other.sandbox
        && selector == other.selector && cron == other.cron && timeZone == other.timeZone
        && ttlSeconds == other.ttlSeconds && tagPattern == other.tagPattern
        && paused == other.paused;
}

Done validateSchedule(const SnapshotSchedule &schedule, Timestamp now)
{
    if (schedule.name.text().startsWith(ScheduleKind::prefix)) {
        return failure(
            ErrorKind::InvalidArgument,
            u"the name \"%1\" looks like the id of a schedule; choose another"_s.arg(
                schedule.name.text()));
    }
    if (schedule.sandbox.isEmpty() == schedule.selector.isEmpty()) {
        return failure(
            ErrorKind::InvalidArgument,
            u"a schedule is either for one sandbox or for those that a label selector selects"_s);
    }
    if (!schedule.selector.isEmpty())
        SANDGLASS_CHECK(LabelSelector::parse(schedule.selector));
    SANDGLASS_CHECK(CronTimes::parse(schedule.cron));
    SANDGLASS_CHECK(timeZoneOf(schedule.timeZone));
    if (schedule.ttlSeconds)
        SANDGLASS_CHECK(validateTtl(*schedule.ttlSeconds, now));
    return checkTagPattern(schedule.tagPattern);
}

QString localTimeZone()
{
    const QString name = QString::fromLatin1(QTimeZone::systemTimeZoneId());
    return timeZoneOf(name) ? name : u"UTC"_s;
}

Result<std::optional<Timestamp>> nextRun(const SnapshotSchedule &schedule, Timestamp now)
{
    SANDGLASS_TRY(const CronTimes times, CronTimes::parse(schedule.cron));
    SANDGLASS_TRY(const QTimeZone zone, timeZoneOf(schedule.timeZone));
    if (schedule.paused)
        return std::nullopt;
    return times.next(std::max(now, schedule.lastRunAt.value_or(now)), zone);
}

Result<std::optional<ScheduledRun>> dueRun(const SnapshotSchedule &schedule, Timestamp now)
{
    using Due = std::optional<ScheduledRun>;
    if (schedule.nextRunAt && *schedule.nextRunAt <= now) {
        SANDGLASS_TRY(const CronTimes times, CronTimes::parse(schedule.cron));
        SANDGLASS_TRY(const QTimeZone zone, timeZoneOf(schedule.timeZone));
        const auto newer = times.newest(*schedule.nextRunAt, now, zone);
        return Due({newer.value_or(*schedule.nextRunAt), times.next(now, zone)});
    }
    const bool isUnfinished =
        schedule.takingAt && schedule.lastRunAt && now - *schedule.lastRunAt >= unfinishedRunAfter;
    return isUnfinished ? Due({*schedule.takingAt, schedule.nextRunAt}) : Due();
}

bool selects(const SnapshotSchedule &schedule, const Sandbox &sandbox)
{
    if (sandbox.namespaceName != schedule.namespaceName)
        return false;
    if (!schedule.sandbox.isEmpty())
        return sandbox.id == schedule.sandbox;
    const auto selector = LabelSelector::parse(schedule.selector);
    return selector && selector->matches(sandbox.config.labels());
}

QString tagOf(const SnapshotSchedule &schedule, const Sandbox &sandbox, Timestamp dueAt)
{
    const QDateTime due = QDateTime::fromMSecsSinceEpoch(toMilliseconds(dueAt), Qt::UTC);
    const auto zone = timeZoneOf(schedule.timeZone);
    return filledIn(schedule.tagPattern, zone ? due.toTimeZone(*zone) : due, nameInTag(sandbox));
}

QString
idempotencyKeyOf(const SnapshotSchedule &schedule, const SandboxId &sandbox, Timestamp dueAt)
{
    return u"%1/%2/%3"_s.arg(
        schedule.id.text(), QString::number(toMilliseconds(dueAt)), sandbox.text());
}

Setting defaultTtlSetting(const ScheduleId &schedule)
{
    return schedule.isEmpty() ? Setting::DefaultSnapshotTtl : Setting::ScheduledSnapshotTtl;
}

} // namespace sandglass
