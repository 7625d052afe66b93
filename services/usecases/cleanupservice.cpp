#include "services/usecases/cleanupservice.h"

#include "services/core/id.h"
#include "services/operations/operationrunner.h"
#include "services/operations/processidentity.h"
#include "services/storage/auditlog.h"
#include "services/storage/cleanuprunrepository.h"
#include "services/storage/database.h"
#include "services/storage/operationrepository.h"
#include "services/storage/settingsrepository.h"
#include "services/storage/snapshotrepository.h"
#include "services/storage/statisticsrepository.h"
#include "services/usecases/cleanupplanning.h"
#include "services/usecases/snapshotremoval.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr size_t mostKeptPlans = 32;
constexpr auto planLifetime = 1h;
constexpr int itemsAtOnce = 100; // in one transaction, for which other writers wait
constexpr int trashAtOnce = 100;
const QString timerSubject = u"timer"_s;

/// The time between looks has passed, or the clock stepped back behind the last one.
bool isDue(Timestamp lastAt, Timestamp now, qint64 intervalSeconds)
{
    return now < lastAt || now - lastAt >= std::chrono::seconds(intervalSeconds);
}

CleanupRun runOf(const CleanupPlan &plan, Timestamp now, const Caller &caller)
{
    CleanupRun run;
    run.id = randomId("run-"_L1);
    run.caller = caller;
    run.planMadeAt = plan.madeAt;
    run.startedAt = now;
    for (const CleanupEntry &entry : plan.entries) {
        if (!entry.deletes())
            break;
        CleanupItem item;
        item.snapshot = entry.snapshot;
        item.namespaceName = entry.namespaceName;
        item.reason = entry.reason;
        item.bytes = entry.bytes.value_or(0);
        run.items.append(item);
    }
    return run;
}

Done beginRun(Session &session, const CleanupRun &run, const QString &plan)
{
    SANDGLASS_CHECK(CleanupRunRepository(session).insert(run, processIdentity()));
    return appendAudit(
        session,
        {run.caller,
         u"cleanup"_s,
         run.id,
         u"requested: %1 snapshots of %2"_s.arg(run.items.size()).arg(plan),
         {}});
}

/// What is true of the planned snapshots now, right before something happens to them.
struct SecondLook
{
    Timestamp planMadeAt;
    QHash<SnapshotId, CleanupEntry> entries;
    QSet<SnapshotId> beingRestored;
};

Result<SecondLook> lookAgain(Session &session, Timestamp planMadeAt)
{
    SecondLook look{planMadeAt, {}, {}};
    SANDGLASS_TRY(
        const CleanupState state, CleanupRepository(session).state({}, CleanupScope::Expired));
    const QList<CleanupEntry> entries =
        planCleanup(state, session.now(), QTimeZone::systemTimeZone());
    for (const CleanupEntry &entry : entries)
        look.entries.insert(entry.snapshot, entry);
    SANDGLASS_TRY(look.beingRestored, OperationRepository(session).beingRestored());
    return look;
}

/// Why a planned snapshot stays; empty: it goes.
QString whyItStays(const Result<Snapshot> &snapshot, const SecondLook &look)
{
    if (!snapshot)
        return u"it is gone already"_s;
    if (snapshot->status != SnapshotStatus::Active)
        return u"it is not active any more, it is \"%1\""_s.arg(nameOf(snapshot->status));
    if (look.beingRestored.contains(snapshot->id))
        return u"it is being restored"_s;
    if (snapshot->usedAt && *snapshot->usedAt > look.planMadeAt)
        return u"it was restored since the plan was made"_s;
    const auto entry = look.entries.constFind(snapshot->id);
    if (entry == look.entries.constEnd())
        return u"it has not expired any more: its time to live was changed, or the clock was"_s;
    return entry->deletes() ? QString() : entry->reason;
}

} // namespace

CleanupService::CleanupService(Database &database, OperationRunner &runner, const Clock &clock)
    : m_database(database)
    , m_runner(runner)
    , m_clock(clock)
{ }

Result<CleanupPlan>
CleanupService::plan(const std::optional<NamespaceName> &namespaceName, CleanupScope scope)
{
    SANDGLASS_TRY(const CleanupPlan plan, m_database.read([&](Session &session) {
        return makeCleanupPlan(session, namespaceName, scope);
    }));
    KeptPlan kept{plan, false};
    kept.plan.entries.resize(kept.plan.deletions); // what stays is for the eye only
    const std::lock_guard lock(m_mutex);
    m_plans.push_back(std::move(kept));
    if (m_plans.size() > mostKeptPlans)
        m_plans.pop_front();
    return plan;
}

Result<CleanupPlan> CleanupService::takePlan(const CleanupRequest &request)
{
    const std::lock_guard lock(m_mutex);
    const auto kept = std::find_if(m_plans.begin(), m_plans.end(), [&](const KeptPlan &each) {
        return each.plan.id == request.plan;
    });
    if (kept == m_plans.end()) {
        return failure(
            ErrorKind::NotFound,
            u"cleanup plan %1; plans are kept for an hour by the process that made them: make a "
            "new one"_s.arg(request.plan.left(80)));
    }
    const CleanupPlan &plan = kept->plan;
    if (plan.namespaceName != request.namespaceName) {
        return failure(
            ErrorKind::Conflict,
            u"plan %1 is of %2"_s.arg(
                plan.id,
                plan.namespaceName ? u"namespace "_s + plan.namespaceName->text()
                                   : u"all namespaces"_s));
    }
    if (kept->isExecuted)
        return failure(ErrorKind::Conflict, u"plan %1 was executed already"_s.arg(plan.id));
    const Timestamp now = m_clock.now();
    if (now < plan.madeAt || now - plan.madeAt > planLifetime) {
        return failure(
            ErrorKind::Conflict,
            u"plan %1 is more than an hour old; make a new one"_s.arg(plan.id));
    }
    if (!plan.question.isEmpty() && !request.confirmed) {
        return failure(
            ErrorKind::Conflict, plan.question + u"; confirm it if that is what you want"_s);
    }
    kept->isExecuted = true;
    return plan;
}

Result<QString> CleanupService::run(const CleanupRequest &request)
{
    SANDGLASS_TRY(const CleanupPlan plan, takePlan(request));
    const CleanupRun run = runOf(plan, m_clock.now(), request.caller);
    const Done begun = m_database.write([&](Session &session) -> Done {
        SANDGLASS_CHECK(beginRun(session, run, plan.id));
        CleanupRunRepository runs(session);
        SANDGLASS_TRY(CleanupRunRepository::Timer timer, runs.timer());
        timer.question.clear(); // somebody looked; the timer asks again when it has to
        return runs.saveTimer(timer);
    });
    if (!begun) {
        const std::lock_guard lock(m_mutex);
        for (KeptPlan &kept : m_plans)
            kept.isExecuted = kept.isExecuted && kept.plan.id != plan.id;
        return failure(begun.error());
    }
    SANDGLASS_CHECK(execute(run.id, {}));
    return run.id;
}

Done CleanupService::execute(const QString &run, const CancelToken &stop)
{
    while (!stop.isCancelled()) {
        SANDGLASS_TRY(const bool goesOn, m_database.write([&](Session &session) {
            return executeSome(session, run);
        }));
        m_runner.wake();
        if (!goesOn)
            break;
    }
    return {};
}

/// Whether there may be more.
Result<bool> CleanupService::executeSome(Session &session, const QString &run)
{
    CleanupRunRepository runs(session);
    SANDGLASS_TRY(const CleanupRun begun, runs.find(run));
    SANDGLASS_TRY(const QList<CleanupItem> items, runs.planned(run, itemsAtOnce));
    if (items.isEmpty()) {
        SANDGLASS_CHECK(runs.settle());
        return false;
    }
    SANDGLASS_TRY(const SecondLook look, lookAgain(session, begun.planMadeAt));
    SettingsRepository settings(session);
    for (CleanupItem item : items) {
        auto snapshot = SnapshotRepository(session).find(item.snapshot);
        if (!snapshot && snapshot.error().kind != ErrorKind::NotFound)
            return failure(snapshot.error());
        const QString why = whyItStays(snapshot, look);
        SANDGLASS_TRY(
            const SettingValue trash, settings.effective(Setting::TrashTime, item.namespaceName));
        if (!why.isEmpty()) {
            item.outcome = CleanupOutcome::Skipped;
            item.reason = why;
        } else if (trash.value > 0) {
            SANDGLASS_CHECK(
                moveToTrash(session, *snapshot, trash.value, begun.caller, item.reason));
            item.outcome = CleanupOutcome::Trashed;
        } else {
            SANDGLASS_TRY(
                item.operation, beginRemoval(session, *snapshot, begun.caller, item.reason));
            item.outcome = CleanupOutcome::Deleting;
        }
        SANDGLASS_CHECK(runs.saveItem(run, item));
    }
    return true;
}

Done CleanupService::beginWhenDue()
{
    const auto due = [](Session &session) -> Result<std::optional<CleanupRunRepository::Timer>> {
        SANDGLASS_TRY(const auto timer, CleanupRunRepository(session).timer());
        SANDGLASS_TRY(
            const SettingValue interval,
            SettingsRepository(session).effective(Setting::SnapshotCleanupInterval));
        return isDue(timer.lastAt, session.now(), interval.value) ? std::optional(timer)
                                                                  : std::nullopt;
    };
    SANDGLASS_TRY(const auto now, m_database.read(due));
    if (!now)
        return {};
    return m_database.write([&](Session &session) -> Done {
        SANDGLASS_TRY(const auto timer, due(session));
        if (!timer)
            return {}; // another process was quicker
        if (toMilliseconds(timer->lastAt) == 0) // a new database, or one that was made anew
            return CleanupRunRepository(session).saveTimer({session.now(), {}});
        SANDGLASS_TRY(const CleanupPlan plan, makeCleanupPlan(session, {}, CleanupScope::Expired));
        SANDGLASS_CHECK(CleanupRunRepository(session).saveTimer({session.now(), plan.question}));
        const Caller caller = itself(u"cleanup timer"_s);
        if (plan.question != timer->question) {
            SANDGLASS_CHECK(session.recordChange(Change::Subject::Cleanup, timerSubject));
            if (!plan.question.isEmpty()) {
                SANDGLASS_CHECK(appendAudit(
                    session,
                    {caller, u"cleanup"_s, timerSubject, u"asks: "_s + plan.question, {}}));
            }
        }
        if (plan.deletions == 0 || !plan.question.isEmpty())
            return {};
        CleanupRun run = runOf(plan, session.now(), caller);
        run.byTimer = true;
        return beginRun(session, run, plan.id);
    });
}

/// With what this process began, and with what others left that have ended.
Done CleanupService::goOn(const CancelToken &stop)
{
    SANDGLASS_TRY(const auto runs, m_database.read([](Session &session) {
        return CleanupRunRepository(session).unfinishedRuns();
    }));
    for (const auto &[run, owner] : runs) {
        if (owner == processIdentity() || !isAlive(owner))
            SANDGLASS_CHECK(execute(run, stop));
    }
    return {};
}

Done CleanupService::emptyTrash()
{
    const auto due = [](Session &session) {
        return SnapshotRepository(session).dueInTrash(trashAtOnce);
    };
    SANDGLASS_TRY(const QList<SnapshotId> now, m_database.read(due));
    if (now.isEmpty())
        return {};
    SANDGLASS_CHECK(m_database.write([&](Session &session) -> Done {
        SANDGLASS_TRY(const QList<SnapshotId> ids, due(session));
        for (const SnapshotId &id : ids) {
            SANDGLASS_TRY(Snapshot snapshot, SnapshotRepository(session).find(id));
            SANDGLASS_CHECK(beginRemoval(
                session, snapshot, itself(u"trash"_s), u"its time in the trash is over"_s));
        }
        return {};
    }));
    m_runner.wake();
    return {};
}

Done CleanupService::tick(const CancelToken &stop)
{
    SANDGLASS_CHECK(beginWhenDue());
    SANDGLASS_CHECK(goOn(stop));
    SANDGLASS_CHECK(emptyTrash());
    SANDGLASS_TRY(const bool mustSettle, m_database.read([](Session &session) {
        return CleanupRunRepository(session).mustSettle();
    }));
    if (!mustSettle)
        return {};
    return m_database.write(
        [](Session &session) { return CleanupRunRepository(session).settle(); });
}

Result<CleanupStatus> CleanupService::status()
{
    return m_database.read([](Session &session) -> Result<CleanupStatus> {
        SANDGLASS_TRY(const auto timer, CleanupRunRepository(session).timer());
        SANDGLASS_TRY(
            const SettingValue interval,
            SettingsRepository(session).effective(Setting::SnapshotCleanupInterval));
        CleanupStatus status{
            interval.value,
            {},
            session.now() + std::chrono::seconds(interval.value),
            timer.question};
        if (toMilliseconds(timer.lastAt) == 0)
            return status;
        status.lastAt = timer.lastAt;
        status.nextAt =
            std::max(session.now(), timer.lastAt + std::chrono::seconds(interval.value));
        return status;
    });
}

Result<QList<CleanupRun>> CleanupService::history(int limit)
{
    return m_database.read(
        [limit](Session &session) { return CleanupRunRepository(session).list(limit); });
}

Result<CleanupRun> CleanupService::find(const QString &run)
{
    return m_database.read([&run](Session &session) -> Result<CleanupRun> {
        CleanupRunRepository runs(session);
        SANDGLASS_TRY(CleanupRun found, runs.find(run));
        SANDGLASS_TRY(found.items, runs.items(run));
        return found;
    });
}

Result<SnapshotStatistics> CleanupService::statistics()
{
    return m_database.read(
        [](Session &session) { return StatisticsRepository(session).snapshots(); });
}

} // namespace sandglass
