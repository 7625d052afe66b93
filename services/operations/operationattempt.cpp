#include "services/operations/operationattempt.h"

#include "services/core/clock.h"
#include "services/core/errorsentence.h"
#include "services/core/logging.h"
#include "services/operations/attempts.h"
#include "services/operations/engineconnections.h"
#include "services/operations/faultpoint.h"
#include "services/operations/operationdefinition.h"
#include "services/storage/database.h"
#include "services/storage/operationrepository.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Error cancelledBySomebody()
{
    return {ErrorKind::Cancelled, u"somebody cancelled it"_s, {}, {}, 0};
}

} // namespace

OperationAttempt::OperationAttempt(
    AttemptServices services, OperationTokens tokens, const Operation &seen)
    : m_services(std::move(services))
    , m_tokens(std::move(tokens))
    , m_operation(seen)
    , m_definition(definitionOf(seen.kind))
{ }

Done OperationAttempt::make()
{
    SANDGLASS_TRY(Operation operation, m_services.database.read([this](Session &session) {
        return OperationRepository(session).find(m_operation.id);
    }));
    if (operation.changeSeq != m_operation.changeSeq)
        return {}; // it went on, or ended, since the journal was looked at
    m_operation = std::move(operation);
    const bool undoing = m_operation.state == OperationState::Undoing;
    // Planned by another version: it begins anew, as each step looks first whether its effect is
    // there.
    if (!undoing && !hasPlannedSteps(m_operation)) {
        m_operation.steps = plannedSteps(m_operation.kind);
        SANDGLASS_CHECK(write([this](Session &session) {
            return OperationRepository(session).planSteps(m_operation);
        }));
    }
    // An attempt before its time is made in place of the one that was to come: whatever happens
    // that often, operations do not fail sooner by it.
    if (!isDue(m_operation, m_services.clock.now()))
        --m_operation.attempts;
    if (!undoing) {
        m_operation.state = OperationState::Running;
        m_operation.startedAt = m_operation.startedAt.value_or(m_services.clock.now());
        m_operation.nextAttemptAt.reset();
        // Otherwise the first step does it.
        if (!m_services.connections.isKnown(m_operation.engine))
            SANDGLASS_CHECK(save());
    }
    // An undo is not aborted by the wish to cancel that began it.
    const CancelToken abort = undoing ? m_tokens.interrupt : m_tokens.abort;
    const auto engine = m_services.connections.reopen(m_operation.engine, abort);
    if (!engine) {
        if (m_tokens.interrupt.isCancelled())
            return {};
        if (undoing)
            return postpone(engine.error());
        if (m_tokens.cancel.isCancelled())
            return beginUndo(cancelledBySomebody());
        if (mayRetry(m_operation, engine.error()))
            return postpone(engine.error());
        return beginUndo(engine.error());
    }
    StepContext context{
        m_services.database,
        m_services.connections,
        m_services.registries,
        **engine,
        m_services.clock,
        abort,
        m_tokens.cancel,
        m_tokens.interrupt,
        m_operation,
        [this] { return save(); },
    };
    return undoing ? undo(context) : runSteps(context);
}

Done OperationAttempt::runSteps(StepContext &context)
{
    for (int position = 0; position < m_operation.steps.size(); ++position) {
        OperationStep &step = m_operation.steps[position];
        if (step.finishedAt)
            continue;
        step.startedAt = m_services.clock.now();
        ++step.attempts;
        // The end of a step and the beginning of the next are one write, so that a step's first
        // attempt always follows at once on what was done before it.
        const Done begun = write([&](Session &session) {
            return saveSteps(session, std::max(position - 1, 0), position);
        });
        if (!begun) {
            relax(context);
            return begun;
        }
        if (m_tokens.cancel.isCancelled())
            return handleFailure(context, cancelledBySomebody());
        reachFaultPoint(m_operation, step.name, FaultPlace::Before);
        if (const Done ran = m_definition.steps.at(position).run(context); !ran)
            return handleFailure(context, ran.error());
        reachFaultPoint(m_operation, step.name, FaultPlace::After);
        step.finishedAt = m_services.clock.now();
    }
    return succeed(context);
}

Done OperationAttempt::succeed(StepContext &context)
{
    const Operation unfinished = m_operation;
    m_operation.state = OperationState::Succeeded;
    m_operation.error.clear();
    m_operation.errorKind.clear();
    m_operation.finishedAt = m_services.clock.now();
    const int last = int(m_operation.steps.size()) - 1;
    const Done written = write([&](Session &session) -> Done {
        if (m_definition.markSucceeded)
            SANDGLASS_CHECK(m_definition.markSucceeded(session, m_operation));
        return saveSteps(session, last, last);
    });
    if (!written) {
        m_operation = unfinished;
        m_operation.steps[last].finishedAt.reset();
        return handleFailure(context, written.error());
    }
    qCInfo(operationsLog) << m_operation.id.text() << nameOf(m_operation.kind) << "succeeded";
    return {};
}

void OperationAttempt::relax(StepContext &context)
{
    if (!m_definition.relax)
        return;
    const Done ours = m_services.database.read(
        [this](Session &session) { return m_services.requireLease(session, m_operation); });
    if (!ours && ours.error().kind == ErrorKind::Conflict)
        return; // who goes on with it needs what was done so far
    // When this does not work, the undo or the next attempt does it again.
    if (const Done relaxed = m_definition.relax(context); !relaxed)
        qCWarning(operationsLog) << m_operation.id.text() << "relax:" << relaxed.error().summary();
}

Done OperationAttempt::handleFailure(StepContext &context, const Error &error)
{
    qCInfo(operationsLog) << m_operation.id.text() << nameOf(m_operation.kind)
                          << m_operation.currentStep() << error.summary();
    const bool interrupted = m_tokens.interrupt.isCancelled();
    const bool waits = m_definition.isWorthWaiting && m_definition.isWorthWaiting(error);
    const bool givesUp = !interrupted
        && (m_tokens.cancel.isCancelled() || (!waits && !mayRetry(m_operation, error)));
    if (waits)
        countWait(m_operation);
    // Before anything is let go, so that a crash in between does not skip what has to be done anew.
    const Done begunAgain = givesUp ? Done() : beginAgain();
    relax(context);
    SANDGLASS_CHECK(begunAgain);
    if (interrupted)
        return save(); // it goes on at the next start
    if (givesUp) {
        SANDGLASS_CHECK(beginUndo(error));
        context.abort = m_tokens.interrupt;
        return undo(context);
    }
    return postpone(error);
}

Done OperationAttempt::beginAgain()
{
    const int position = positionOf(m_definition, m_operation.currentStep());
    const QString from = m_definition.steps.at(position).retryFrom;
    const int first = from.isEmpty() ? position : positionOf(m_definition, from);
    return write([&](Session &session) -> Done {
        for (int i = first; i < position; ++i) {
            m_operation.steps[i].finishedAt.reset();
            SANDGLASS_CHECK(
                OperationRepository(session).saveStep(m_operation.id, i, m_operation.steps.at(i)));
        }
        return {};
    });
}

Done OperationAttempt::postpone(const Error &error)
{
    if (m_operation.state == OperationState::Undoing) {
        // People want to know why it failed, not why its undo waits.
        qCInfo(operationsLog) << m_operation.id.text() << "undo:" << error.summary();
    } else {
        m_operation.state = OperationState::Waiting;
        m_operation.error = sentenceFor(error).text();
        m_operation.errorKind = nameOf(error.kind);
    }
    ++m_operation.attempts;
    m_operation.nextAttemptAt = m_services.clock.now() + delayAfter(m_operation.attempts, error);
    return save();
}

Done OperationAttempt::beginUndo(const Error &error)
{
    m_operation.state = OperationState::Undoing;
    m_operation.attempts = 0;
    m_operation.error = sentenceFor(error).text();
    m_operation.errorKind = nameOf(error.kind);
    m_operation.nextAttemptAt.reset();
    return write([this](Session &session) -> Done {
        SANDGLASS_CHECK(m_definition.markFailed(session, m_operation, m_operation.error));
        return OperationRepository(session).save(m_operation);
    });
}

Done OperationAttempt::undo(StepContext &context)
{
    reachFaultPoint(m_operation, u"undo"_s, FaultPlace::Before);
    const Done undone = m_definition.undo(context);
    reachFaultPoint(m_operation, u"undo"_s, FaultPlace::After);
    if (!undone) {
        if (m_tokens.interrupt.isCancelled())
            return {};
        return postpone(undone.error());
    }
    m_operation.state = m_operation.errorKind == nameOf(ErrorKind::Cancelled)
        ? OperationState::Cancelled
        : OperationState::Failed;
    m_operation.nextAttemptAt.reset();
    m_operation.finishedAt = m_services.clock.now();
    qCInfo(operationsLog) << m_operation.id.text() << nameOf(m_operation.kind)
                          << "undone:" << m_operation.error;
    return save();
}

Done OperationAttempt::write(const std::function<Done(Session &)> &work)
{
    return m_services.database.write([&](Session &session) -> Done {
        SANDGLASS_CHECK(m_services.requireLease(session, m_operation));
        return work(session);
    });
}

Done OperationAttempt::save()
{
    return write(
        [this](Session &session) { return OperationRepository(session).save(m_operation); });
}

Done OperationAttempt::saveSteps(Session &session, int first, int last)
{
    OperationRepository operations(session);
    for (int i = first; i <= last; ++i)
        SANDGLASS_CHECK(operations.saveStep(m_operation.id, i, m_operation.steps.at(i)));
    return operations.save(m_operation);
}

} // namespace sandglass
