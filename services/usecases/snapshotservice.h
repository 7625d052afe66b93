#pragma once

#include "services/domain/caller.h"
#include "services/domain/operation.h"
#include "services/domain/restoreplan.h"
#include "services/domain/sandbox.h"
#include "services/domain/snapshot.h"
#include "services/domain/snapshotplan.h"

namespace sandglass {

class Clock;
class Database;
class EngineConnections;
class OperationRunner;
struct IdempotencyKey;

struct CreateSnapshotRequest
{
    NamespaceName namespaceName;
    SandboxId sandbox;
    std::optional<qint64> ttlSeconds; ///< nothing: the default of the settings
    QString tag;
    QString note;
    PauseDuringCommit pause = PauseDuringCommit::Yes;
    bool scrubEnvironment = false; ///< variables in which secrets are found are blanked
    /// Whether it may hold what looks like secrets; nothing: it may, and nobody has accepted it.
    std::optional<bool> acceptFindings;
    QString idempotencyKey; ///< see CreateSandboxRequest
    ScheduleId schedule; ///< that asks for it; empty: somebody does
    Caller caller;
};

struct StartedSnapshot
{
    SnapshotId snapshot;
    OperationId operation;
};

struct SnapshotQuery
{
    std::optional<NamespaceName> namespaceName; ///< nothing: all
    std::optional<SandboxId> sandbox; ///< nothing: all
    std::optional<SnapshotStatus> status; ///< nothing: all but what is in the trash
    bool withTrash = false; ///< all, what is in the trash too
    QString text; ///< contained in id, sandbox id, tag or note; empty: all
    int limit = 0; ///< 0 = all
    QString cursor; ///< nextCursor of the page before; empty: from the newest
};

struct SnapshotPage
{
    QList<Snapshot>
        snapshots; ///< newest first; without their config when more than one was asked for
    QString nextCursor; ///< empty: there are no more
};

/// Deletes, dismisses or retries a snapshot.
struct SnapshotRequest
{
    NamespaceName namespaceName;
    SnapshotId snapshot;
    Caller caller;
    /// How long a deleted one stays restorable; nothing: as the settings say; 0: not at all.
    std::optional<qint64> trashSeconds = {};
};

/// What became of one that was to be deleted.
struct RemovedSnapshot
{
    SnapshotStatus status = SnapshotStatus::Deleting; ///< or Trashed
    std::optional<OperationId> operation; ///< nothing for Trashed
};

struct RestoreRequest
{
    NamespaceName namespaceName;
    SnapshotId snapshot;
    RestoreWish wish;
    QString reason; ///< why it is forced; audited
    QString displayName; ///< of the new sandbox; may be empty
    QString idempotencyKey; ///< see CreateSandboxRequest
    Caller caller;
};

struct StartedRestore
{
    SandboxId sandbox;
    OperationId operation;
    bool restoredFromSnapshot = false;
    bool ttlExpired = false;
};

/// What the window and the API do with snapshots. Every method may be called on any worker thread;
/// all but planSnapshot(), create() and retry() block for the database only.
class SnapshotService
{
public:
    SnapshotService(
        Database &database,
        OperationRunner &runner,
        EngineConnections &connections,
        const Clock &clock);

    /// What create() would do, by the checks that the operation makes before it commits. Asks the
    /// engine; blocks for at most some seconds.
    [[nodiscard]] Result<SnapshotPlan>
    planSnapshot(const NamespaceName &namespaceName, const SandboxId &sandbox);

    /// Checks with the engine, for at most 2 s, that the sandbox runs; reserves and journals; the
    /// snapshot is Creating. NotFound; Conflict (not running, or the idempotency key was used for
    /// another request); InvalidArgument (TTL, tag, note longer than 4096 characters);
    /// LimitReached.
    [[nodiscard]] Result<StartedSnapshot> create(const CreateSnapshotRequest &request);

    [[nodiscard]] Result<SnapshotPage> list(const SnapshotQuery &query);
    [[nodiscard]] Result<Snapshot> find(const NamespaceName &namespaceName, const SnapshotId &id);
    [[nodiscard]] Result<Snapshot> find(const SnapshotId &id);

    /// Puts an active one into the trash, or writes down that it goes, and journals. NotFound;
    /// Conflict while it is created or already deleted, or while it is pinned; InvalidArgument.
    [[nodiscard]] Result<RemovedSnapshot> remove(const SnapshotRequest &request);

    /// As remove(), of a failed one; Conflict when it is not failed.
    [[nodiscard]] Result<OperationId> dismiss(const SnapshotRequest &request);

    /// Takes a failed snapshot anew, of what the sandbox is now: its age begins again, everything
    /// else stays as it was asked for. As create(); Conflict also when it is not failed.
    [[nodiscard]] Result<StartedSnapshot> retry(const SnapshotRequest &request);

    /// The sandboxes that still run from it and keep its image from being removed.
    [[nodiscard]] Result<QList<Sandbox>> sandboxesFrom(const SnapshotId &id);

    /// What restore() would do. NotFound when not active or unknown.
    [[nodiscard]] Result<RestorePlan> plan(const RestoreRequest &request);

    /// Plans, checks with the engine, for at most 2 s, that the image is there, reserves the new
    /// sandbox and journals. As plan(), and Conflict when a check failed.
    [[nodiscard]] Result<StartedRestore> restore(const RestoreRequest &request);

private:
    [[nodiscard]] Done checkImageIsThere(const RestoreRequest &request, const IdempotencyKey &key);

    Database &m_database;
    OperationRunner &m_runner;
    EngineConnections &m_connections;
    const Clock &m_clock;
};

} // namespace sandglass
