#include "services/usecases/scheduleservice.h"

#include "services/core/errorsentence.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/schedulerepository.h"
#include "services/usecases/cleanupservice.h"
#include "services/usecases/snapshotservice.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// "team/nightly", as the audit names settings of a namespace, too.
QString scheduleObject(const NamespaceName &namespaceName, const ScheduleName &name)
{
    return namespaceName.text() + u'/' + name.text();
}

QString scheduleWords(const SnapshotSchedule &schedule)
{
    const QString of = schedule.sandbox.isEmpty() ? schedule.selector : schedule.sandbox.text();
    return u"%1 %2 of %3%4"_s.arg(
        schedule.cron, schedule.timeZone, of, schedule.paused ? u", paused"_s : QString());
}

} // namespace

ScheduleService::ScheduleService(
    Database &database, SnapshotService &snapshots, CleanupService &cleanup)
    : m_database(database)
    , m_snapshots(snapshots)
    , m_cleanup(cleanup)
{ }

Result<QList<SnapshotSchedule>>
ScheduleService::list(const std::optional<NamespaceName> &namespaceName)
{
    return m_database.read(
        [&](Session &session) { return ScheduleRepository(session).list(namespaceName); });
}

Result<SnapshotSchedule>
ScheduleService::find(const NamespaceName &namespaceName, const ScheduleName &name)
{
    return m_database.read(
        [&](Session &session) { return ScheduleRepository(session).find(namespaceName, name); });
}

Result<SnapshotSchedule> ScheduleService::put(const SnapshotSchedule &wanted, const Caller &caller)
{
    return m_database.write([&](Session &session) -> Result<SnapshotSchedule> {
        SnapshotSchedule schedule = wanted;
        if (schedule.timeZone.isEmpty())
            schedule.timeZone = localTimeZone();
        SANDGLASS_CHECK(validateSchedule(schedule, session.now()));
        if (!schedule.sandbox.isEmpty()) {
            SANDGLASS_TRY(const Sandbox sandbox, SandboxRepository(session).find(schedule.sandbox));
            if (sandbox.namespaceName != schedule.namespaceName)
                return failure(ErrorKind::NotFound, u"sandbox %1"_s.arg(sandbox.id.text()));
        }
        ScheduleRepository schedules(session);
        const auto known = schedules.find(schedule.namespaceName, schedule.name);
        if (!known && known.error().kind != ErrorKind::NotFound)
            return failure(known.error());
        if (known && known->isSameAs(schedule))
            return *known;
        schedule.id = known ? known->id : ScheduleId::generate();
        schedule.lastRunAt = known ? known->lastRunAt : std::nullopt;
        schedule.takingAt.reset();
        schedule.error.clear();
        SANDGLASS_TRY(schedule.nextRunAt, nextRun(schedule, session.now()));
        SANDGLASS_CHECK(schedules.save(schedule));
        SANDGLASS_CHECK(appendAudit(
            session,
            {caller,
             known ? u"change_schedule"_s : u"add_schedule"_s,
             scheduleObject(schedule.namespaceName, schedule.name),
             scheduleWords(schedule),
             {}}));
        return schedule;
    });
}

Done ScheduleService::remove(
    const NamespaceName &namespaceName, const ScheduleName &name, const Caller &caller)
{
    return m_database.write([&](Session &session) -> Done {
        ScheduleRepository schedules(session);
        SANDGLASS_TRY(const SnapshotSchedule schedule, schedules.find(namespaceName, name));
        SANDGLASS_CHECK(schedules.remove(schedule));
        return appendAudit(
            session,
            {caller,
             u"remove_schedule"_s,
             scheduleObject(namespaceName, name),
             scheduleWords(schedule),
             {}});
    });
}

Done ScheduleService::removeExpired(const NamespaceName &namespaceName)
{
    SANDGLASS_TRY(const CleanupPlan plan, m_cleanup.plan(namespaceName, CleanupScope::Expired));
    if (plan.deletions == 0)
        return {};
    if (!plan.question.isEmpty()) {
        return failure(
            ErrorKind::Conflict,
            u"what has expired was not deleted before: %1; run the cleanup to answer"_s.arg(
                plan.question));
    }
    SANDGLASS_CHECK(m_cleanup.run({plan.id, namespaceName, false, itself(u"schedule"_s)}));
    return {};
}

/// What did not work, in words; empty when all did.
QString ScheduleService::take(const SnapshotSchedule &schedule, Timestamp dueAt)
{
    QStringList problems;
    if (const Done removed = removeExpired(schedule.namespaceName); !removed)
        problems.append(sentenceFor(removed.error()).text());
    const auto sandboxes = m_database.read([&schedule](Session &session) {
        return SandboxRepository(session).list(schedule.namespaceName);
    });
    if (!sandboxes)
        return sentenceFor(sandboxes.error()).text();
    bool tookAny = false;
    for (const Sandbox &sandbox : *sandboxes) {
        if (!selects(schedule, sandbox) || !canSnapshot(sandbox.status))
            continue;
        tookAny = true;
        CreateSnapshotRequest request;
        request.namespaceName = schedule.namespaceName;
        request.sandbox = sandbox.id;
        request.ttlSeconds = schedule.ttlSeconds;
        request.tag = tagOf(schedule, sandbox, dueAt);
        request.schedule = schedule.id;
        request.idempotencyKey = idempotencyKeyOf(schedule, sandbox.id, dueAt);
        request.caller = itself(u"schedule"_s);
        if (const auto started = m_snapshots.create(request); !started)
            problems.append(sandbox.id.text() + u": "_s + sentenceFor(started.error()).text());
    }
    if (!tookAny)
        problems.append(u"No sandbox that runs is selected; nothing was taken."_s);
    return problems.join(u'\n');
}

Done ScheduleService::runDue(const CancelToken &stop)
{
    SANDGLASS_TRY(const QList<SnapshotSchedule> pending, m_database.read([](Session &session) {
        return ScheduleRepository(session).pending();
    }));
    for (const SnapshotSchedule &schedule : pending) {
        if (stop.isCancelled())
            return {};
        SANDGLASS_TRY(
            const auto run,
            m_database.write([&](Session &session) -> Result<std::optional<ScheduledRun>> {
                SANDGLASS_TRY(const auto due, dueRun(schedule, session.now()));
                if (!due)
                    return due;
                SANDGLASS_TRY(const bool begun, ScheduleRepository(session).begin(schedule, *due));
                return begun ? due : std::nullopt;
            }));
        if (!run)
            continue;
        const QString problem = take(schedule, run->at);
        SANDGLASS_CHECK(m_database.write([&](Session &session) {
            return ScheduleRepository(session).end(schedule.id, run->at, problem);
        }));
    }
    return {};
}

} // namespace sandglass
