#include "services/operations/operationrunner.h"

#include "services/core/id.h"
#include "services/core/logging.h"
#include "services/operations/attempts.h"
#include "services/operations/operationattempt.h"
#include "services/operations/processidentity.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/operationrepository.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto leaseDuration = 8s; // how long another machine waits for one that fell silent
constexpr auto leaseRenewal = 2500ms;
constexpr auto lookInterval = 500ms; // how soon operations of another process are seen
constexpr int mostPerEngine = 4; // creates, restores and deletes side by side
constexpr int mostTransfersPerEngine = 2; // besides those, which must not wait for hours
constexpr int mostThreads = 64;

} // namespace

OperationRunner::OperationRunner(
    Database &database,
    EngineConnections &connections,
    RegistryAccess &registries,
    const Clock &clock)
    : m_database(database)
    , m_connections(connections)
    , m_registries(registries)
    , m_clock(clock)
    , m_owner(processIdentity() + u' ' + randomId("run-"_L1))
{
    m_pool.setMaxThreadCount(mostThreads);
}

OperationRunner::~OperationRunner()
{
    stop();
}

void OperationRunner::start()
{
    renewLeases();
    m_dispatcher = std::thread([this] { dispatch(); });
}

void OperationRunner::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        for (const auto &[id, running] : m_running) {
            running.tokens.interrupt.cancel();
            running.tokens.abort.cancel();
        }
    }
    m_woken.notify_one();
    if (!m_dispatcher.joinable())
        return;
    m_dispatcher.join();
    m_pool.waitForDone();
    const Done released = m_database.write(
        [this](Session &session) { return EngineRepository(session).releaseLeases(m_owner); });
    if (!released)
        qCWarning(operationsLog) << "release leases:" << released.error().summary();
}

void OperationRunner::wake()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isWoken = true;
    }
    m_woken.notify_one();
}

void OperationRunner::retryNow(const EngineName &engine)
{
    {
        const std::lock_guard lock(m_mutex);
        m_retryNow.insert(engine);
    }
    wake();
}

bool OperationRunner::drives(const EngineName &engine) const
{
    const std::lock_guard lock(m_mutex);
    return m_driven.contains(engine);
}

bool OperationRunner::drivesAny() const
{
    const std::lock_guard lock(m_mutex);
    return !m_driven.isEmpty();
}

bool OperationRunner::worksOn(const SandboxId &sandbox) const
{
    const std::lock_guard lock(m_mutex);
    return !sandbox.isEmpty()
        && std::any_of(m_running.begin(), m_running.end(), [&sandbox](const auto &running) {
               return running.second.sandbox == sandbox;
           });
}

void OperationRunner::dispatch()
{
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            m_woken.wait_for(lock, lookInterval, [this] { return m_isWoken || m_stopping; });
            if (m_stopping)
                return;
            m_isWoken = false;
        }
        if (std::chrono::steady_clock::now() - m_leasesRenewedAt >= leaseRenewal)
            renewLeases();
        look();
    }
}

void OperationRunner::renewLeases()
{
    m_leasesRenewedAt = std::chrono::steady_clock::now();
    const auto names = m_database.write([this](Session &session) -> Result<QList<EngineName>> {
        EngineRepository engines(session);
        SANDGLASS_TRY(const QStringList owners, engines.leaseOwners());
        QStringList living;
        for (const QString &owner : owners) {
            const QString process = owner.section(u' ', 0, 0);
            // What a killed process froze must not stand still until its lease has run out.
            if (hasEnded(process))
                SANDGLASS_CHECK(engines.releaseLeases(owner));
            // One that lives must not lose its lease to a clock that was set, or to a suspension.
            else if (isAlive(process))
                living.append(owner);
        }
        return engines.takeLeases(m_owner, leaseDuration, living);
    });
    if (!names) {
        qCWarning(operationsLog) << "renew leases:" << names.error().summary();
        return;
    }
    const std::lock_guard lock(m_mutex);
    m_driven = QSet<EngineName>(names->begin(), names->end());
    for (auto &[id, running] : m_running) {
        // Somebody else goes on with it.
        if (!m_driven.contains(running.engine)) {
            running.isLost = true;
            running.tokens.interrupt.cancel();
            running.tokens.abort.cancel();
        }
    }
}

void OperationRunner::look()
{
    const auto operations =
        m_database.read([](Session &session) { return OperationRepository(session).unfinished(); });
    if (!operations) {
        qCWarning(operationsLog) << "read the journal:" << operations.error().summary();
        return;
    }
    QSet<EngineName> retryNow;
    QSet<OperationId> retryAtOnce;
    {
        const std::lock_guard lock(m_mutex);
        retryNow = std::exchange(m_retryNow, {});
        retryAtOnce = std::exchange(m_retryAtOnce, {});
    }
    const Timestamp now = m_clock.now();
    QList<Operation> older;
    for (Operation operation : *operations) {
        if (retryNow.contains(operation.engine) || retryAtOnce.contains(operation.id))
            operation.nextAttemptAt.reset();
        bool start = false;
        {
            const std::lock_guard lock(m_mutex);
            if (const auto it = m_running.find(operation.id); it != m_running.end()) {
                // This attempt may have looked before it happened.
                if (retryNow.contains(operation.engine))
                    it->second.retriesAtOnce = true;
                if (operation.cancelRequested) {
                    it->second.tokens.cancel.cancel();
                    it->second.tokens.abort.cancel();
                }
            } else {
                start = mayStart(operation, older, now);
            }
        }
        if (start)
            launch(operation);
        older.append(operation);
    }
}

bool OperationRunner::mayStart(
    const Operation &operation, const QList<Operation> &older, Timestamp now) const
{
    if (m_stopping || !m_driven.contains(operation.engine)
        || std::any_of(older.begin(), older.end(), [&operation](const Operation &before) {
               return mustFollow(operation, before);
           }))
        return false;
    const bool mustCancel = operation.cancelRequested && operation.state != OperationState::Undoing;
    if (!mustCancel && !isDue(operation, now))
        return false;
    const auto onEngine =
        std::count_if(m_running.begin(), m_running.end(), [&operation](const auto &running) {
            return running.second.engine == operation.engine
                && running.second.isTransfer == isTransfer(operation.kind);
        });
    return onEngine < (isTransfer(operation.kind) ? mostTransfersPerEngine : mostPerEngine);
}

void OperationRunner::launch(const Operation &operation)
{
    OperationTokens tokens;
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return;
        m_running.emplace(
            operation.id,
            RunningOperation{
                operation.engine, operation.sandbox, isTransfer(operation.kind), tokens});
    }
    if (operation.cancelRequested && operation.state != OperationState::Undoing) {
        tokens.cancel.cancel();
        tokens.abort.cancel();
    }
    m_pool.start([this, operation, tokens] {
        OperationAttempt attempt(
            {m_database,
             m_connections,
             m_registries,
             m_clock,
             [this](Session &session, const Operation &one) { return requireLease(session, one); }},
            tokens,
            operation);
        const Done driven = attempt.make();
        // It may be what a deletion waited for.
        if (attempt.state() == OperationState::Succeeded
            && operation.kind == OperationKind::TerminateSandbox)
            retryNow(operation.engine);
        if (!driven && driven.error().kind == ErrorKind::Conflict)
            qCInfo(operationsLog) << operation.id.text() << "left:" << driven.error().summary();
        else if (!driven)
            qCWarning(operationsLog)
                << operation.id.text() << "journal:" << driven.error().summary();
        {
            const std::lock_guard lock(m_mutex);
            if (m_running.at(operation.id).retriesAtOnce)
                m_retryAtOnce.insert(operation.id);
            m_running.erase(operation.id);
        }
        // What could not be written down is tried again, but not at once.
        if (driven)
            wake();
    });
}

Done OperationRunner::requireLease(Session &session, const Operation &operation) const
{
    {
        const std::lock_guard lock(m_mutex);
        if (const auto it = m_running.find(operation.id);
            it != m_running.end() && it->second.isLost) {
            return failure(
                ErrorKind::Conflict,
                u"another process drives engine %1, or did"_s.arg(operation.engine.text()));
        }
    }
    return EngineRepository(session).requireLease(operation.engine, m_owner);
}

} // namespace sandglass
