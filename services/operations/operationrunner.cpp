#include "services/operations/operationrunner.h"

#include "services/core/errorsentence.h"
#include "services/core/id.h"
#include "services/core/logging.h"
#include "services/operations/attempts.h"
#include "services/operations/engineconnections.h"
#include "services/operations/faultpoint.h"
#include "services/operations/operationdefinition.h"
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
    Tokens tokens;
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return;
        m_running.emplace(
            operation.id, RunningOperation{operation.engine, isTransfer(operation.kind), tokens});
    }
    if (operation.cancelRequested && operation.state != OperationState::Undoing) {
        tokens.cancel.cancel();
        tokens.abort.cancel();
    }
    m_pool.start([this, operation, tokens] {
        const Done driven = drive(operation, tokens);
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

Done OperationRunner::write(const Operation &operation, const std::function<Done(Session &)> &work)
{
    return m_database.write([&](Session &session) -> Done {
        SANDGLASS_CHECK(requireLease(session, operation));
        return work(session);
    });
}

Done OperationRunner::save(const Operation &operation)
{
    return write(operation, [&operation](Session &session) {
        return OperationRepository(session).save(operation);
    });
}

Done OperationRunner::drive(const Operation &seen, const Tokens &tokens)
{
    SANDGLASS_TRY(Operation operation, m_database.read([&seen](Session &session) {
        return OperationRepository(session).find(seen.id);
    }));
    if (operation.changeSeq != seen.changeSeq)
        return {}; // it went on, or ended, since the journal was looked at
    // An attempt before its time is made in place of the one that was to come: whatever happens
    // that often, operations do not fail sooner by it.
    if (!isDue(operation, m_clock.now()))
        --operation.attempts;
    const OperationDefinition &definition = definitionOf(operation.kind);
    const bool undoing = operation.state == OperationState::Undoing;
    if (!undoing) {
        operation.state = OperationState::Running;
        operation.startedAt = operation.startedAt.value_or(m_clock.now());
        operation.nextAttemptAt.reset();
        SANDGLASS_CHECK(save(operation));
    }
    // An undo is not aborted by the wish to cancel that began it.
    const auto engine =
        m_connections.reopen(operation.engine, undoing ? tokens.interrupt : tokens.abort);
    if (!engine) {
        if (tokens.interrupt.isCancelled())
            return {};
        if (undoing)
            return postpone(operation, engine.error());
        if (tokens.cancel.isCancelled()) {
            return beginUndo(
                definition,
                operation,
                Error{ErrorKind::Cancelled, u"somebody cancelled it"_s, {}, {}, 0});
        }
        if (mayRetry(operation, engine.error()))
            return postpone(operation, engine.error());
        return beginUndo(definition, operation, engine.error());
    }
    StepContext context{
        m_database,
        m_connections,
        m_registries,
        **engine,
        m_clock,
        undoing ? tokens.interrupt : tokens.abort,
        tokens.cancel,
        tokens.interrupt,
        operation,
        [this](const Operation &changed) { return save(changed); },
    };
    return undoing ? undo(definition, context) : runSteps(definition, context);
}

Done OperationRunner::runSteps(const OperationDefinition &definition, StepContext &context)
{
    Operation &operation = context.operation;
    for (int position = 0; position < operation.steps.size(); ++position) {
        if (operation.steps.at(position).finishedAt)
            continue;
        operation.steps[position].startedAt = m_clock.now();
        ++operation.steps[position].attempts;
        // The end of a step and the beginning of the next are one write, so that a step's first
        // attempt always follows at once on what was done before it.
        if (const Done begun = saveSteps(operation, std::max(position - 1, 0), position); !begun) {
            relax(definition, context);
            return begun;
        }
        if (context.cancel.isCancelled()) {
            return handleFailure(
                definition,
                context,
                Error{ErrorKind::Cancelled, u"somebody cancelled it"_s, {}, {}, 0});
        }
        reachFaultPoint(operation, operation.steps.at(position).name, FaultPlace::Before);
        if (const Done ran = definition.steps.at(position).run(context); !ran)
            return handleFailure(definition, context, ran.error());
        reachFaultPoint(operation, operation.steps.at(position).name, FaultPlace::After);
        operation.steps[position].finishedAt = m_clock.now();
    }
    operation.state = OperationState::Succeeded;
    operation.error.clear();
    operation.errorKind.clear();
    operation.finishedAt = m_clock.now();
    const int last = int(operation.steps.size()) - 1;
    SANDGLASS_CHECK(saveSteps(operation, last, last));
    qCInfo(operationsLog) << operation.id.text() << nameOf(operation.kind) << "succeeded";
    // It may be what a deletion waited for.
    if (operation.kind == OperationKind::TerminateSandbox)
        retryNow(operation.engine);
    return {};
}

Done OperationRunner::saveSteps(const Operation &operation, int first, int last)
{
    return write(operation, [&](Session &session) -> Done {
        OperationRepository operations(session);
        for (int i = first; i <= last; ++i)
            SANDGLASS_CHECK(operations.saveStep(operation.id, i, operation.steps.at(i)));
        return operations.save(operation);
    });
}

void OperationRunner::relax(const OperationDefinition &definition, StepContext &context)
{
    if (!definition.relax)
        return;
    const Done ours =
        m_database.read([&](Session &session) { return requireLease(session, context.operation); });
    if (!ours && ours.error().kind == ErrorKind::Conflict)
        return; // who goes on with it needs what was done so far
    // When this does not work, the undo or the next attempt does it again.
    if (const Done relaxed = definition.relax(context); !relaxed)
        qCWarning(operationsLog) << context.operation.id.text()
                                 << "relax:" << relaxed.error().summary();
}

Done OperationRunner::handleFailure(
    const OperationDefinition &definition, StepContext &context, const Error &error)
{
    Operation &operation = context.operation;
    qCInfo(operationsLog) << operation.id.text() << nameOf(operation.kind)
                          << operation.currentStep() << error.summary();
    const bool interrupted = context.interrupt.isCancelled();
    const bool waits = definition.isWorthWaiting && definition.isWorthWaiting(error);
    const bool givesUp =
        !interrupted && (context.cancel.isCancelled() || (!waits && !mayRetry(operation, error)));
    if (waits)
        countWait(operation);
    // Before anything is let go, so that a crash in between does not skip what has to be done anew.
    const Done begunAgain = givesUp ? Done() : beginAgain(definition, operation);
    relax(definition, context);
    SANDGLASS_CHECK(begunAgain);
    if (interrupted)
        return save(operation); // it goes on at the next start
    if (givesUp) {
        SANDGLASS_CHECK(beginUndo(definition, operation, error));
        context.abort = context.interrupt;
        return undo(definition, context);
    }
    return postpone(operation, error);
}

Done OperationRunner::beginAgain(const OperationDefinition &definition, Operation &operation)
{
    const int position = positionOf(definition, operation.currentStep());
    const QString from = definition.steps.at(position).retryFrom;
    const int first = from.isEmpty() ? position : positionOf(definition, from);
    return write(operation, [&](Session &session) -> Done {
        for (int i = first; i < position; ++i) {
            operation.steps[i].finishedAt.reset();
            SANDGLASS_CHECK(
                OperationRepository(session).saveStep(operation.id, i, operation.steps.at(i)));
        }
        return {};
    });
}

Done OperationRunner::postpone(Operation &operation, const Error &error)
{
    if (operation.state == OperationState::Undoing) {
        // People want to know why it failed, not why its undo waits.
        qCInfo(operationsLog) << operation.id.text() << "undo:" << error.summary();
    } else {
        operation.state = OperationState::Waiting;
        operation.error = sentenceFor(error).text();
        operation.errorKind = nameOf(error.kind);
    }
    ++operation.attempts;
    operation.nextAttemptAt = m_clock.now() + delayAfter(operation.attempts, error);
    return save(operation);
}

Done OperationRunner::beginUndo(
    const OperationDefinition &definition, Operation &operation, const Error &error)
{
    operation.state = OperationState::Undoing;
    operation.attempts = 0;
    operation.error = sentenceFor(error).text();
    operation.errorKind = nameOf(error.kind);
    operation.nextAttemptAt.reset();
    return write(operation, [&](Session &session) -> Done {
        SANDGLASS_CHECK(definition.markFailed(session, operation, operation.error));
        return OperationRepository(session).save(operation);
    });
}

Done OperationRunner::undo(const OperationDefinition &definition, StepContext &context)
{
    Operation &operation = context.operation;
    reachFaultPoint(operation, u"undo"_s, FaultPlace::Before);
    const Done undone = definition.undo(context);
    reachFaultPoint(operation, u"undo"_s, FaultPlace::After);
    if (!undone) {
        if (context.interrupt.isCancelled())
            return {};
        return postpone(operation, undone.error());
    }
    operation.state = operation.errorKind == nameOf(ErrorKind::Cancelled)
        ? OperationState::Cancelled
        : OperationState::Failed;
    operation.nextAttemptAt.reset();
    operation.finishedAt = m_clock.now();
    qCInfo(operationsLog) << operation.id.text() << nameOf(operation.kind)
                          << "undone:" << operation.error;
    return save(operation);
}

} // namespace sandglass
