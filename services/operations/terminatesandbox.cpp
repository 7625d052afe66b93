#include "services/operations/sandboxsteps.h"

#include "services/storage/auditlog.h"
#include "services/storage/sandboxrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Done removeContainer(StepContext &context)
{
    SANDGLASS_TRY(const Sandbox sandbox, sandboxOf(context));
    SANDGLASS_TRY(const auto container, findContainer(context, sandbox));
    if (!container)
        return {};
    const Done removed = context.engine.removeContainer(container->id, context.abort);
    // Gone already, or going: the next step looks.
    if (!removed && removed.error().kind != ErrorKind::NotFound
        && removed.error().kind != ErrorKind::Conflict)
        return removed;
    return {};
}

Done confirmGone(StepContext &context)
{
    SANDGLASS_TRY(const Sandbox sandbox, sandboxOf(context));
    SANDGLASS_TRY(const auto container, findContainer(context, sandbox));
    if (container) {
        return failure(Error{
            ErrorKind::TimedOut,
            u"the engine is still removing the container of sandbox %1"_s.arg(sandbox.id.text()),
            {},
            container->stateError,
            0});
    }
    return {};
}

Done forgetSandbox(Session &session, const Operation &operation)
{
    SANDGLASS_TRY(Sandbox sandbox, SandboxRepository(session).find(operation.sandbox));
    sandbox.status = SandboxStatus::Terminated;
    sandbox.error.clear();
    sandbox.changedAt = session.now();
    SANDGLASS_CHECK(SandboxRepository(session).save(sandbox));
    return appendAudit(
        session,
        {operation.requestedBy, u"terminate_sandbox"_s, sandbox.id.text(), u"terminated"_s, {}});
}

/// What it really is now is found out by the undo; until then it counts as there and not running.
Done markNotTerminated(Session &session, const Operation &operation, const QString &reason)
{
    SANDGLASS_TRY(Sandbox sandbox, SandboxRepository(session).find(operation.sandbox));
    if (sandbox.status != SandboxStatus::Terminating)
        return {};
    sandbox.status = SandboxStatus::Stopped;
    sandbox.error = reason;
    sandbox.changedAt = session.now();
    SANDGLASS_CHECK(SandboxRepository(session).save(sandbox));
    return appendAudit(
        session,
        {operation.requestedBy,
         u"terminate_sandbox"_s,
         sandbox.id.text(),
         u"failed: "_s + reason,
         {}});
}

/// Nothing is to be undone at the engine; only seen what is left there. An engine that does not
/// tell is asked by its next look.
Done seeWhatIsLeft(StepContext &context)
{
    SANDGLASS_TRY(const Sandbox sandbox, sandboxOf(context));
    const auto container = findContainer(context, sandbox);
    if (!container)
        return {};
    const SandboxStatus status =
        *container ? statusOf((*container)->state) : SandboxStatus::Missing;
    return context.database.write([&](Session &session) -> Done {
        SANDGLASS_TRY(Sandbox seen, SandboxRepository(session).find(sandbox.id));
        if (seen.status != SandboxStatus::Stopped || seen.status == status)
            return {};
        seen.status = status;
        seen.changedAt = seen.confirmedAt = session.now();
        SANDGLASS_CHECK(SandboxRepository(session).save(seen));
        return appendAudit(
            session,
            {context.operation.requestedBy,
             u"terminate_sandbox"_s,
             seen.id.text(),
             u"still "_s + nameOf(status),
             {}});
    });
}

} // namespace

OperationDefinition terminateSandboxDefinition()
{
    OperationDefinition definition;
    definition.kind = OperationKind::TerminateSandbox;
    definition.steps = {
        {u"remove container"_s, removeContainer},
        {u"confirm that it is gone"_s, confirmGone, u"remove container"_s},
    };
    definition.markSucceeded = forgetSandbox;
    definition.markFailed = markNotTerminated;
    definition.undo = seeWhatIsLeft;
    return definition;
}

} // namespace sandglass
