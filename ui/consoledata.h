#pragma once

#include "models/audittablemodel.h"
#include "models/cleanupplantablemodel.h"
#include "models/cleanupruntablemodel.h"
#include "models/enginetablemodel.h"
#include "models/operationtablemodel.h"
#include "models/registrytablemodel.h"
#include "models/sandboxtablemodel.h"
#include "models/scheduletablemodel.h"
#include "models/settingtablemodel.h"
#include "models/snapshottablemodel.h"
#include "services/domain/change.h"
#include "services/usecases/usecases.h"

#include <QObject>
#include <QTimer>

class QThreadPool;

namespace sandglass {

class ChangeFeed;

/// What has to be read again: single things by id, or all of a subject.
struct ReadingList
{
    QSet<SandboxId> sandboxes;
    QSet<SnapshotId> snapshots;
    QSet<OperationId> operations;
    bool allSandboxes = false;
    bool allSnapshots = false;
    bool allOperations = false;
    bool allEngines = false;
    bool allRegistries = false;
    bool allSettings = false;
    bool allAudit = false;
    bool allCleanup = false;
    bool allSchedules = false;
    bool newAudit = false; ///< what was appended since the last read

    [[nodiscard]] static ReadingList everything()
    {
        return {{}, {}, {}, true, true, true, true, true, true, true, true, true, false};
    }
    [[nodiscard]] bool isEmpty() const;
    void add(const ReadingList &other);
    void add(const Change &change);
};

/// What was read of one subject.
template <class Value, class Key> struct Readings
{
    bool areAll = false; ///< `values` are all there are
    QList<Value> values;
    QList<Key> gone;
};

/// What the cleanup's timer does, and how many snapshots there are.
struct CleanupOverview
{
    CleanupStatus status;
    SnapshotStatistics statistics;
};

struct ConsoleReadings
{
    Readings<Sandbox, SandboxId> sandboxes;
    Readings<Snapshot, SnapshotId> snapshots;
    Readings<Operation, OperationId> operations;
    Readings<Engine, EngineName> engines;
    Readings<Registry, RegistryName> registries;
    Readings<SettingValue, QString> settings;
    Readings<AuditRecord, qint64> audit;
    Readings<CleanupRun, QString> cleanupRuns;
    Readings<SnapshotSchedule, ScheduleId> schedules;
    std::optional<CleanupOverview> cleanup; ///< nothing: it was not read
};

/// The data behind all pages: loaded once, then kept up with the change feed. Reads in the
/// background, at most five times a second; after a failed read everything is read again some
/// seconds later.
class ConsoleData final : public QObject
{
    Q_OBJECT
public:
    /// Begins to read at once.
    ConsoleData(
        const UseCases &useCases, ChangeFeed &feed, QThreadPool &pool, QObject *parent = nullptr);

    /// Reads everything (again).
    void load();
    [[nodiscard]] bool isLoaded() const
    {
        return m_isLoaded;
    } ///< everything was read at least once

    [[nodiscard]] SandboxTableModel &sandboxes() { return m_sandboxes; }
    [[nodiscard]] SnapshotTableModel &snapshots() { return m_snapshots; }
    [[nodiscard]] OperationTableModel &operations() { return m_operations; }
    [[nodiscard]] EngineTableModel &engines() { return m_engines; }
    [[nodiscard]] RegistryTableModel &registries() { return m_registries; }
    [[nodiscard]] ScheduleTableModel &schedules() { return m_schedules; }
    [[nodiscard]] SettingTableModel &settings() { return m_settings; }
    /// The newest records, at most so many.
    static constexpr int mostAuditRecords = 5'000;
    [[nodiscard]] AuditTableModel &audit() { return m_audit; }
    /// The newest cleanups, at most so many.
    static constexpr int mostCleanupRuns = 500;
    [[nodiscard]] CleanupRunTableModel &cleanupRuns() { return m_cleanupRuns; }
    [[nodiscard]] const CleanupOverview &cleanup() const { return m_cleanup; }

    /// Asks for a new plan of what a cleanup would do with every snapshot.
    void makeCleanupPlan();
    /// The entries of the newest plan.
    [[nodiscard]] CleanupPlanTableModel &cleanupEntries() { return m_cleanupEntries; }
    /// The newest plan; without an id before there is one.
    [[nodiscard]] const CleanupPlan &cleanupPlan() const { return m_cleanupPlan; }
    /// Whether something changed since it was made.
    [[nodiscard]] bool isCleanupPlanOld() const { return m_isPlanOld; }
    /// Why the last plan could not be made; nothing when it could.
    [[nodiscard]] const std::optional<Error> &cleanupPlanError() const { return m_planError; }

    /// What is wrong with the store, when it was too large to be checked before the window opened.
    [[nodiscard]] const std::optional<Error> &storeError() const { return m_storeError; }

    /// Why the last read did not work; nothing when it did.
    [[nodiscard]] const std::optional<Error> &readError() const { return m_readError; }

    /// What people call a sandbox, also one that was terminated while the window was open; else its
    /// id.
    [[nodiscard]] QString sandboxName(const SandboxId &id) const;

Q_SIGNALS:
    void updated(); ///< what was read is in the models, or could not be read
    void ticked(); ///< time went on: remaining times and durations read differently
    /// An operation ended that had not when it was last read, or that began and ended in between.
    void operationFinished(const sandglass::Operation &operation);

private:
    void checkStore();
    void schedule();
    void apply(const ConsoleReadings &readings);
    void tick();

    UseCases m_useCases;
    QThreadPool &m_pool;
    SandboxTableModel m_sandboxes;
    SnapshotTableModel m_snapshots;
    OperationTableModel m_operations;
    EngineTableModel m_engines;
    RegistryTableModel m_registries;
    ScheduleTableModel m_schedules;
    SettingTableModel m_settings;
    AuditTableModel m_audit;
    CleanupRunTableModel m_cleanupRuns;
    CleanupOverview m_cleanup;
    CleanupPlanTableModel m_cleanupEntries;
    CleanupPlan m_cleanupPlan;
    std::optional<Error> m_planError;
    bool m_isPlanOld = false;
    bool m_isPlanning = false;
    qint64 m_lastAudit = 0; ///< seq of the newest record that was read
    QHash<SandboxId, QString> m_sandboxNames;
    ReadingList m_toRead;
    std::optional<Error> m_readError;
    std::optional<Error> m_storeError;
    bool m_isReading = false;
    bool m_isLoaded = false;
    QTimer m_pause; ///< runs while the next read has to wait
    QTimer m_tick;
    Timestamp m_nextSnapshotTick; ///< of what changes by itself once in a while: registries too
};

} // namespace sandglass
