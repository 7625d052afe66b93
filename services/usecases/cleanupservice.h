#pragma once

#include "services/core/canceltoken.h"
#include "services/domain/cleanupplan.h"
#include "services/domain/cleanuprun.h"
#include "services/domain/snapshotstatistics.h"
#include "services/storage/cleanuprepository.h"

#include <deque>
#include <mutex>

namespace sandglass {

class Clock;
class Database;
class OperationRunner;

struct CleanupRequest
{
    QString plan; ///< id of the plan that was shown
    std::optional<NamespaceName> namespaceName; ///< the plan's; nothing: it was of all
    bool confirmed = false; ///< the plan's question was answered with yes
    Caller caller;
};

/// What the timer does and did.
struct CleanupStatus
{
    qint64 intervalSeconds = 0;
    std::optional<Timestamp> lastAt; ///< nothing: never
    Timestamp nextAt;
    QString question; ///< what it asks before it goes on; empty for nothing
};

/// Deletes what has expired: what the plan listed and nothing else. Any worker thread; blocks for
/// the database only.
class CleanupService
{
public:
    CleanupService(Database &database, OperationRunner &runner, const Clock &clock);

    /// What a cleanup would do now. Changes nothing: it only reads, and keeps the plan in memory
    /// for run(), the newest 32 for at most an hour.
    [[nodiscard]] Result<CleanupPlan>
    plan(const std::optional<NamespaceName> &namespaceName, CleanupScope scope);

    /// Executes a plan: looks at each snapshot that it deletes once more, right before, and skips
    /// with a reason what changed. Gives the run's id; the deletions are operations. NotFound: no
    /// such plan, or one of another process; Conflict: of another namespace, older than an hour,
    /// executed before, or its question was not answered.
    [[nodiscard]] Result<QString> run(const CleanupRequest &request);

    /// What the timer does, as often as one likes: begins a cleanup when its time has come (in a
    /// new database not at once: pins that were lost can be set again), goes on
    /// with what a process that ended left, empties the trash of what is due, and writes down what
    /// became of deletions. Never two at once, whoever else does the same. `stop` ends it early.
    [[nodiscard]] Done tick(const CancelToken &stop);

    [[nodiscard]] Result<CleanupStatus> status();
    [[nodiscard]] Result<QList<CleanupRun>> history(int limit); ///< newest first, without items
    [[nodiscard]] Result<CleanupRun> find(const QString &run); ///< NotFound
    [[nodiscard]] Result<SnapshotStatistics> statistics();

private:
    struct KeptPlan
    {
        CleanupPlan plan;
        bool isExecuted = false;
    };

    [[nodiscard]] Result<CleanupPlan> takePlan(const CleanupRequest &request);
    [[nodiscard]] Done beginWhenDue();
    [[nodiscard]] Done execute(const QString &run, const CancelToken &stop);
    [[nodiscard]] Result<bool> executeSome(Session &session, const QString &run);
    [[nodiscard]] Done goOn(const CancelToken &stop);
    [[nodiscard]] Done emptyTrash();

    Database &m_database;
    OperationRunner &m_runner;
    const Clock &m_clock;
    std::mutex m_mutex;
    std::deque<KeptPlan> m_plans; // newest last
};

} // namespace sandglass
