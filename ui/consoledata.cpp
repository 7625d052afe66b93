#include "ui/consoledata.h"

#include "models/statewords.h"
#include "services/core/background.h"
#include "services/storage/changefeed.h"

#include <algorithm>

namespace sandglass {

using namespace std::chrono_literals;

namespace {

constexpr auto pauseBetweenReads = 200ms;
constexpr auto pauseAfterFailure = 2s;
constexpr qsizetype mostSingleReads = 200; // more than this are read as one list
constexpr int mostOperations =
    600; // the list is cut back to what the use case gives when it grew longer

/// Reads single things by id, or all of them when that is wanted or cheaper.
template <class Value, class Key, class List, class Find>
Result<Readings<Value, Key>> readSubject(const QSet<Key> &ids, bool all, List list, Find find)
{
    Readings<Value, Key> readings;
    if (all || ids.size() > mostSingleReads) {
        SANDGLASS_TRY(readings.values, list());
        readings.areAll = true;
        return readings;
    }
    for (const Key &id : ids) {
        auto value = find(id);
        if (value)
            readings.values.append(*value);
        else if (value.error().kind == ErrorKind::NotFound)
            readings.gone.append(id);
        else
            return failure(value.error());
    }
    return readings;
}

Result<ConsoleReadings>
readConsole(const UseCases &use, const ReadingList &wanted, qint64 lastAudit)
{
    ConsoleReadings readings;
    if (wanted.allEngines) {
        SANDGLASS_TRY(readings.engines.values, use.engines.list());
        readings.engines.areAll = true;
    }
    if (wanted.allRegistries) {
        SANDGLASS_TRY(readings.registries.values, use.registries.list());
        readings.registries.areAll = true;
    }
    if (wanted.allSettings) {
        SANDGLASS_TRY(readings.settings.values, use.settings.listAll());
        readings.settings.areAll = true;
    }
    if (wanted.allAudit || wanted.newAudit) {
        AuditFilter newest;
        newest.limit = ConsoleData::mostAuditRecords;
        if (!wanted.allAudit)
            newest.after = lastAudit;
        SANDGLASS_TRY(const AuditPage page, use.audit.list(newest));
        readings.audit = {wanted.allAudit, page.records, {}};
    }
    if (wanted.allSchedules) {
        SANDGLASS_TRY(readings.schedules.values, use.schedules.list(std::nullopt));
        readings.schedules.areAll = true;
    }
    if (wanted.allCleanup) {
        SANDGLASS_TRY(
            readings.cleanupRuns.values, use.cleanup.history(ConsoleData::mostCleanupRuns));
        readings.cleanupRuns.areAll = true;
    }
    if (wanted.allCleanup || wanted.allSnapshots || !wanted.snapshots.isEmpty()) {
        SANDGLASS_TRY(const CleanupStatus status, use.cleanup.status());
        SANDGLASS_TRY(const SnapshotStatistics statistics, use.cleanup.statistics());
        readings.cleanup = CleanupOverview{status, statistics};
    }
    SANDGLASS_TRY(
        readings.sandboxes,
        (readSubject<Sandbox, SandboxId>(
            wanted.sandboxes,
            wanted.allSandboxes,
            [&use] { return use.sandboxes.list(std::nullopt); },
            [&use](const SandboxId &id) { return use.sandboxes.find(id); })));
    SANDGLASS_TRY(
        readings.snapshots,
        (readSubject<Snapshot, SnapshotId>(
            wanted.snapshots,
            wanted.allSnapshots,
            [&use]() -> Result<QList<Snapshot>> {
                SnapshotQuery query;
                query.withTrash = true;
                SANDGLASS_TRY(const SnapshotPage page, use.snapshots.list(query));
                return page.snapshots;
            },
            [&use](const SnapshotId &id) { return use.snapshots.find(id); })));
    SANDGLASS_TRY(
        readings.operations,
        (readSubject<Operation, OperationId>(
            wanted.operations,
            wanted.allOperations,
            [&use] { return use.operations.list(); },
            [&use](const OperationId &id) { return use.operations.find(id); })));
    return readings;
}

template <class Model, class Readings> void applyTo(Model &model, const Readings &readings)
{
    if (readings.areAll) {
        model.setRows(readings.values);
    } else {
        model.upsert(readings.values);
        model.remove(readings.gone);
    }
}

/// Whether it would be another plan now, by the time alone.
bool hasExpiredSince(const CleanupPlan &plan, Timestamp now)
{
    return std::any_of(plan.entries.begin(), plan.entries.end(), [&](const CleanupEntry &entry) {
        return entry.expiresAt && *entry.expiresAt > plan.madeAt && *entry.expiresAt <= now;
    });
}

} // namespace

bool ReadingList::isEmpty() const
{
    return sandboxes.isEmpty() && snapshots.isEmpty() && operations.isEmpty() && !allSandboxes
        && !allSnapshots && !allOperations && !allEngines && !allRegistries && !allSettings
        && !allAudit && !allCleanup && !allSchedules && !newAudit;
}

void ReadingList::add(const ReadingList &other)
{
    sandboxes.unite(other.sandboxes);
    snapshots.unite(other.snapshots);
    operations.unite(other.operations);
    allSandboxes = allSandboxes || other.allSandboxes;
    allSnapshots = allSnapshots || other.allSnapshots;
    allOperations = allOperations || other.allOperations;
    allEngines = allEngines || other.allEngines;
    allRegistries = allRegistries || other.allRegistries;
    allSettings = allSettings || other.allSettings;
    allAudit = allAudit || other.allAudit;
    allCleanup = allCleanup || other.allCleanup;
    allSchedules = allSchedules || other.allSchedules;
    newAudit = newAudit || other.newAudit;
}

void ReadingList::add(const Change &change)
{
    newAudit = true; // whatever changes is audited
    switch (change.subject) {
    case Change::Subject::Engine:
        allEngines = true;
        allSandboxes =
            true; // when the engine last confirmed them is not told as a change of theirs
        break;
    case Change::Subject::Sandbox:
        sandboxes.insert(SandboxId::trusted(change.id));
        allSettings = true; // it may be the first of its namespace
        break;
    case Change::Subject::Snapshot:
        snapshots.insert(SnapshotId::trusted(change.id));
        break;
    case Change::Subject::Operation:
        operations.insert(OperationId::trusted(change.id));
        break;
    case Change::Subject::Setting:
        allSettings = true;
        allCleanup = true; // when it runs next
        break;
    case Change::Subject::Cleanup:
        allCleanup = true;
        break;
    case Change::Subject::Schedule:
        allSchedules = true;
        break;
    case Change::Subject::Registry:
        allRegistries = true;
        break;
    }
}

ConsoleData::ConsoleData(
    const UseCases &useCases, ChangeFeed &feed, QThreadPool &pool, QObject *parent)
    : QObject(parent)
    , m_useCases(useCases)
    , m_pool(pool)
{
    m_pause.setSingleShot(true);
    m_tick.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &ConsoleData::schedule);
    connect(&m_tick, &QTimer::timeout, this, &ConsoleData::tick);
    connect(&feed, &ChangeFeed::changed, this, [this](const QList<Change> &changes) {
        for (const Change &change : changes) {
            m_toRead.add(change);
            m_isPlanOld = m_isPlanOld || change.subject == Change::Subject::Snapshot
                || change.subject == Change::Subject::Setting
                || change.subject == Change::Subject::Cleanup;
        }
        schedule();
    });
    load();
    if (!m_useCases.store.isChecked())
        checkStore();
}

void ConsoleData::checkStore()
{
    inBackground(
        m_pool,
        this,
        [use = m_useCases] { return use.store.check(); },
        [this](const Done &checked) {
            if (checked)
                return;
            m_storeError = checked.error();
            Q_EMIT
            updated();
        });
}

void ConsoleData::load()
{
    m_toRead = ReadingList::everything();
    schedule();
    makeCleanupPlan();
}

void ConsoleData::makeCleanupPlan()
{
    if (m_isPlanning)
        return;
    m_isPlanning = true;
    m_isPlanOld = false;
    inBackground(
        m_pool,
        this,
        [use = m_useCases] { return use.cleanup.plan({}, CleanupScope::All); },
        [this](const Result<CleanupPlan> &plan) {
            m_isPlanning = false;
            m_planError.reset();
            if (plan) {
                m_cleanupPlan = *plan;
                m_cleanupEntries.setRows(plan->entries);
            } else {
                m_planError = plan.error();
            }
            Q_EMIT
            updated();
        });
}

QString ConsoleData::sandboxName(const SandboxId &id) const
{
    return m_sandboxNames.value(id, id.text());
}

void ConsoleData::schedule()
{
    // One read at a time, so that an old answer never lands on a newer one.
    if (m_toRead.isEmpty() || m_isReading || m_pause.isActive())
        return;
    m_isReading = true;
    m_pause.start(pauseBetweenReads);
    inBackground(
        m_pool,
        this,
        [use = m_useCases, wanted = m_toRead, lastAudit = m_lastAudit] {
            return readConsole(use, wanted, lastAudit);
        },
        [this](const Result<ConsoleReadings> &readings) {
            m_isReading = false;
            if (readings) {
                m_readError.reset();
                apply(*readings);
            } else {
                m_toRead.add(ReadingList::everything());
                m_pause.start(pauseAfterFailure);
                m_readError = readings.error();
                Q_EMIT
                updated();
            }
            schedule();
        });
    m_toRead = {};
}

void ConsoleData::apply(const ConsoleReadings &readings)
{
    QList<Operation> finished;
    for (const Operation &operation : readings.operations.values) {
        const Operation *known = m_operations.find(operation.id);
        if (m_isLoaded && isFinished(operation.state) && (!known || !isFinished(known->state)))
            finished.append(operation);
    }
    Readings<Sandbox, SandboxId> sandboxes = readings.sandboxes;
    for (const Sandbox &sandbox : readings.sandboxes.values) {
        m_sandboxNames.insert(sandbox.id, nameText(sandbox));
        if (sandbox.status == SandboxStatus::Terminated
            || sandbox.status == SandboxStatus::Released)
            sandboxes.gone.append(sandbox.id);
    }
    applyTo(m_engines, readings.engines);
    applyTo(m_registries, readings.registries);
    applyTo(m_settings, readings.settings);
    applyTo(m_audit, readings.audit);
    applyTo(m_cleanupRuns, readings.cleanupRuns);
    applyTo(m_schedules, readings.schedules);
    if (readings.cleanup)
        m_cleanup = *readings.cleanup;
    if (!readings.audit.values.isEmpty())
        m_lastAudit = readings.audit.values.first().seq;
    if (m_audit.rowCount() > mostAuditRecords + mostAuditRecords / 5)
        m_toRead.allAudit = true;
    m_sandboxes.setLiveEngines(m_engines.connected());
    applyTo(m_sandboxes, sandboxes);
    m_snapshots.setSandboxNames(m_sandboxNames);
    m_schedules.setSandboxNames(m_sandboxNames);
    m_operations.setSandboxNames(m_sandboxNames);
    m_snapshots.setEngines(m_engines.rows());
    applyTo(m_snapshots, readings.snapshots);
    applyTo(m_operations, readings.operations);
    if (m_operations.rowCount() > mostOperations)
        m_toRead.allOperations = true;
    m_isLoaded = m_isLoaded || readings.engines.areAll;
    m_nextSnapshotTick = {};
    tick();
    Q_EMIT
    updated();
    for (const Operation &operation : std::as_const(finished))
        Q_EMIT
    operationFinished(operation);
}

void ConsoleData::tick()
{
    const Timestamp now = m_useCases.clock.now();
    if (now >= m_nextSnapshotTick) {
        m_isPlanOld = m_isPlanOld || hasExpiredSince(m_cleanupPlan, now);
        m_snapshots.setNow(now);
        m_registries.setNow(now);
        m_nextSnapshotTick = std::min(now + 60s, m_snapshots.nextExpiry().value_or(now + 60s));
        if (const auto resume = m_registries.nextResume())
            m_nextSnapshotTick = std::min(m_nextSnapshotTick, *resume);
    }
    const bool isWorking = m_operations.unfinishedCount() > 0 || m_engines.isReconnecting();
    m_operations.setNow(now);
    m_engines.setNow(now);
    const Timestamp next = isWorking ? std::min(now + 1s, m_nextSnapshotTick) : m_nextSnapshotTick;
    m_tick.setTimerType(next - now < 5s ? Qt::PreciseTimer : Qt::CoarseTimer);
    m_tick.start(std::max(next - now, 1ms));
    Q_EMIT
    ticked();
}

} // namespace sandglass
