#include "services/storage/schedulerepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString selectSchedules =
    u"SELECT id, namespace, name, sandbox, selector, cron, time_zone, ttl_secs, tag_pattern, "
    "paused, next_run_at, last_run_at, taking_at, error, changed_seq FROM schedules "_s;

SnapshotSchedule scheduleFrom(const Query &row)
{
    SnapshotSchedule schedule;
    schedule.id = ScheduleId::trusted(row.value(0).toString());
    schedule.namespaceName = NamespaceName::trusted(row.value(1).toString());
    schedule.name = ScheduleName::trusted(row.value(2).toString());
    schedule.sandbox = SandboxId::trusted(row.value(3).toString());
    schedule.selector = row.value(4).toString();
    schedule.cron = row.value(5).toString();
    schedule.timeZone = row.value(6).toString();
    schedule.ttlSeconds = numberFrom(row.value(7));
    schedule.tagPattern = row.value(8).toString();
    schedule.paused = row.value(9).toBool();
    schedule.nextRunAt = timeFrom(row.value(10));
    schedule.lastRunAt = timeFrom(row.value(11));
    schedule.takingAt = timeFrom(row.value(12));
    schedule.error = row.value(13).toString();
    schedule.changeSeq = row.value(14).toLongLong();
    return schedule;
}

} // namespace

Result<QList<SnapshotSchedule>>
ScheduleRepository::select(const QString &selection, const QVariantList &values)
{
    SANDGLASS_TRY(Query query, m_session.run(selectSchedules + selection, values));
    QList<SnapshotSchedule> schedules;
    while (query.next())
        schedules.append(scheduleFrom(query));
    return schedules;
}

Result<QList<SnapshotSchedule>>
ScheduleRepository::list(const std::optional<NamespaceName> &namespaceName)
{
    const QString order = u"ORDER BY namespace, name"_s;
    return namespaceName ? select(u"WHERE namespace = ? "_s + order, {namespaceName->text()})
                         : select(order, {});
}

Result<SnapshotSchedule>
ScheduleRepository::find(const NamespaceName &namespaceName, const ScheduleName &name)
{
    SANDGLASS_TRY(
        const QList<SnapshotSchedule> found,
        select(u"WHERE namespace = ? AND name = ?"_s, {namespaceName.text(), name.text()}));
    if (found.isEmpty())
        return failure(ErrorKind::NotFound, u"schedule %1"_s.arg(name.text()));
    return found.first();
}

Result<QList<SnapshotSchedule>> ScheduleRepository::pending()
{
    return select(
        u"WHERE next_run_at <= ? OR taking_at IS NOT NULL ORDER BY next_run_at"_s,
        {toMilliseconds(m_session.now())});
}

Done ScheduleRepository::save(const SnapshotSchedule &schedule)
{
    SANDGLASS_TRY(
        const qint64 seq, m_session.recordChange(Change::Subject::Schedule, schedule.id.text()));
    SANDGLASS_CHECK(m_session.run(
        u"INSERT INTO schedules (id, namespace, name, sandbox, selector, cron, time_zone, "
        u"ttl_secs, "
        "tag_pattern, paused, next_run_at, last_run_at, taking_at, error, created_seq, "
        "changed_seq) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET sandbox = excluded.sandbox, selector = excluded.selector, "
        "cron = excluded.cron, time_zone = excluded.time_zone, ttl_secs = excluded.ttl_secs, "
        "tag_pattern = excluded.tag_pattern, paused = excluded.paused, "
        "next_run_at = excluded.next_run_at, last_run_at = excluded.last_run_at, "
        "taking_at = excluded.taking_at, error = excluded.error, "
        "changed_seq = excluded.changed_seq"_s,
        {schedule.id.text(),
         schedule.namespaceName.text(),
         schedule.name.text(),
         nonNull(schedule.sandbox.text()),
         nonNull(schedule.selector),
         schedule.cron,
         schedule.timeZone,
         toColumn(schedule.ttlSeconds),
         nonNull(schedule.tagPattern),
         schedule.paused,
         toColumn(schedule.nextRunAt),
         toColumn(schedule.lastRunAt),
         toColumn(schedule.takingAt),
         nonNull(schedule.error),
         seq,
         seq}));
    return {};
}

Done ScheduleRepository::remove(const SnapshotSchedule &schedule)
{
    SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Schedule, schedule.id.text(), true));
    SANDGLASS_CHECK(m_session.run(u"DELETE FROM schedules WHERE id = ?"_s, {schedule.id.text()}));
    return {};
}

Result<bool> ScheduleRepository::begin(const SnapshotSchedule &schedule, const ScheduledRun &run)
{
    SANDGLASS_TRY(
        const Query begun,
        m_session.run(
            u"UPDATE schedules SET taking_at = ?, last_run_at = ?, next_run_at = ? WHERE id = ? "
            "AND next_run_at IS ? AND taking_at IS ? AND last_run_at IS ?"_s,
            {toMilliseconds(run.at),
             toMilliseconds(m_session.now()),
             toColumn(run.nextRunAt),
             schedule.id.text(),
             toColumn(schedule.nextRunAt),
             toColumn(schedule.takingAt),
             toColumn(schedule.lastRunAt)}));
    if (begun.changedRows() == 0)
        return false;
    SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Schedule, schedule.id.text()));
    return true;
}

Done ScheduleRepository::end(const ScheduleId &id, Timestamp takingAt, const QString &error)
{
    SANDGLASS_TRY(const qint64 seq, m_session.recordChange(Change::Subject::Schedule, id.text()));
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE schedules SET taking_at = NULL, error = ?, changed_seq = ? "
        "WHERE id = ? AND taking_at = ?"_s,
        {nonNull(error), seq, id.text(), toMilliseconds(takingAt)}));
    return {};
}

} // namespace sandglass
