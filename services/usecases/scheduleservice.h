#pragma once

#include "services/core/canceltoken.h"
#include "services/domain/caller.h"
#include "services/domain/snapshotschedule.h"

namespace sandglass {

class CleanupService;
class Database;
class SnapshotService;

/// Snapshots that are taken by themselves. Any worker thread; all but runDue() block for the
/// database only.
class ScheduleService
{
public:
    ScheduleService(Database &database, SnapshotService &snapshots, CleanupService &cleanup);

    /// Of one namespace, by name; nothing: of all.
    [[nodiscard]] Result<QList<SnapshotSchedule>>
    list(const std::optional<NamespaceName> &namespaceName);
    [[nodiscard]] Result<SnapshotSchedule>
    find(const NamespaceName &namespaceName, const ScheduleName &name); ///< NotFound

    /// Adds it, or changes the one of this name; what became of its runs is kept, and its next run
    /// is planned from now. An empty time zone is this machine's. InvalidArgument; NotFound: its
    /// sandbox is not in the namespace.
    [[nodiscard]] Result<SnapshotSchedule>
    put(const SnapshotSchedule &schedule, const Caller &caller);
    /// Its snapshots stay. NotFound.
    [[nodiscard]] Done
    remove(const NamespaceName &namespaceName, const ScheduleName &name, const Caller &caller);

    /// What the timer does: takes what is due, of several missed times the newest, each once,
    /// whoever else does the same; before that has what has expired in the namespace deleted. What
    /// did not work is written beside the schedule.
    [[nodiscard]] Done runDue(const CancelToken &stop);

private:
    [[nodiscard]] QString take(const SnapshotSchedule &schedule, Timestamp dueAt);
    [[nodiscard]] Done removeExpired(const NamespaceName &namespaceName);

    Database &m_database;
    SnapshotService &m_snapshots;
    CleanupService &m_cleanup;
};

} // namespace sandglass
