#pragma once

#include "services/operations/operationattempt.h"

#include <QSet>
#include <QThreadPool>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace sandglass {

class Clock;
class Database;
class EngineConnections;
class RegistryAccess;
class Session;

/// Takes operations from the journal and drives each through its steps, for the engines whose lease
/// this process holds (design, section 4). What an earlier process left unfinished goes on from its
/// last finished step.
class OperationRunner
{
public:
    OperationRunner(
        Database &database,
        EngineConnections &connections,
        RegistryAccess &registries,
        const Clock &clock);
    ~OperationRunner(); ///< stops

    void start();

    /// Interrupts what runs (it goes on at the next start), waits for it, and gives the leases
    /// back.
    void stop();

    /// Looks at the journal now: something was added, or somebody cancelled. Any thread.
    void wake();

    /// As wake(), and what waits for its next attempt on this engine is tried now: the engine is
    /// back, or what was in the way may be gone.
    void retryNow(const EngineName &engine);

    /// Whether this process drives the engine.
    [[nodiscard]] bool drives(const EngineName &engine) const;
    [[nodiscard]] bool drivesAny() const;

    /// Whether an operation of this sandbox, or of a snapshot of it, runs here at this moment.
    [[nodiscard]] bool worksOn(const SandboxId &sandbox) const;

private:
    struct RunningOperation
    {
        EngineName engine;
        SandboxId sandbox;
        bool isTransfer = false;
        OperationTokens tokens;
        bool retriesAtOnce = false; ///< what it may wait for happened since it was launched
        bool isLost = false; ///< another process drove its engine since it was launched
    };

    void dispatch();
    void renewLeases();
    void look();
    [[nodiscard]] bool
    mayStart(const Operation &operation, const QList<Operation> &older, Timestamp now) const;
    void launch(const Operation &operation);

    /// Conflict when another process drives the engine, or did since this one was launched.
    Done requireLease(Session &session, const Operation &operation) const;

    Database &m_database;
    EngineConnections &m_connections;
    RegistryAccess &m_registries;
    const Clock &m_clock;
    const QString m_owner; // of leases: this process, this start

    mutable std::mutex m_mutex;
    std::condition_variable m_woken;
    bool m_isWoken = false;
    bool m_stopping = false;
    QSet<EngineName> m_driven;
    QSet<EngineName> m_retryNow;
    QSet<OperationId> m_retryAtOnce;
    std::map<OperationId, RunningOperation> m_running;
    std::chrono::steady_clock::time_point m_leasesRenewedAt;

    QThreadPool m_pool;
    std::thread m_dispatcher;
};

} // namespace sandglass
