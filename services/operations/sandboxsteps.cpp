#include "services/operations/sandboxsteps.h"

#include "services/operations/containerspec.h"
#include "services/storage/auditlog.h"
#include "services/storage/sandboxrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<Sandbox> sandboxOf(const StepContext &context)
{
    return context.database.read([&context](Session &session) {
        return SandboxRepository(session).find(context.operation.sandbox);
    });
}

SandboxStatus statusOf(const QString &containerState)
{
    if (containerState == "running"_L1 || containerState == "restarting"_L1)
        return SandboxStatus::Running;
    if (containerState == "paused"_L1)
        return SandboxStatus::Paused;
    return SandboxStatus::Stopped;
}

Result<std::optional<ContainerDetails>>
findContainer(StepContext &context, const Sandbox &sandbox, WithSize withSize)
{
    const QString name =
        sandbox.containerId.isEmpty() ? containerName(sandbox.id) : sandbox.containerId;
    const auto found = context.engine.inspectContainer(name, withSize, context.abort);
    if (!found) {
        if (found.error().kind == ErrorKind::NotFound)
            return std::optional<ContainerDetails>();
        return failure(found.error());
    }
    // An adopted container has no label of ours; its id says enough.
    if (sandbox.origin == SandboxOrigin::Created
        && found->labels.value(label::sandboxId) != sandbox.id.text()) {
        return failure(
            ErrorKind::Conflict,
            u"a container called %1 is there that is not the one of sandbox %2; it is left alone"_s
                .arg(found->name, sandbox.id.text()));
    }
    return std::optional(*found);
}

Done checkImage(StepContext &context)
{
    const QString image = context.operation.inputs["image"_L1].toString();
    const auto found = context.engine.inspectImage(image, context.abort);
    if (found)
        return {};
    Error error = found.error();
    if (error.kind == ErrorKind::NotFound) {
        error.detail = u"image %1 is not on engine %2; pull or load it there first"_s.arg(
            image, context.operation.engine.text());
    }
    return failure(error);
}

Done createContainer(StepContext &context)
{
    SANDGLASS_TRY(const Sandbox sandbox, sandboxOf(context));
    SANDGLASS_TRY(const auto existing, findContainer(context, sandbox));
    if (existing)
        return {};
    const QJsonValue held = context.operation.memory["held_image"_L1];
    const QString image = held.toString(context.operation.inputs["image"_L1].toString());
    SANDGLASS_CHECK(context.engine.createContainer(
        containerName(sandbox.id), containerSpec(sandbox, image), context.interrupt));
    return {};
}

Done startContainer(StepContext &context)
{
    SANDGLASS_TRY(const Sandbox sandbox, sandboxOf(context));
    return context.engine.startContainer(containerName(sandbox.id), context.abort);
}

Done activateSandbox(StepContext &context)
{
    SANDGLASS_TRY(const Sandbox pending, sandboxOf(context));
    SANDGLASS_TRY(const auto container, findContainer(context, pending));
    if (!container) {
        return failure(
            ErrorKind::NotFound,
            u"the container of sandbox %1 vanished right after its start"_s.arg(pending.id.text()));
    }
    return context.database.write([&](Session &session) -> Done {
        SANDGLASS_TRY(Sandbox sandbox, SandboxRepository(session).find(pending.id));
        if (sandbox.status != SandboxStatus::Pending)
            return {};
        sandbox.containerId = container->id;
        sandbox.status = statusOf(container->state);
        sandbox.config = configOf(*container, sandbox);
        sandbox.changedAt = session.now();
        sandbox.confirmedAt = session.now();
        SANDGLASS_CHECK(SandboxRepository(session).save(sandbox));
        return appendAudit(
            session,
            {context.operation.requestedBy,
             nameOf(context.operation.kind),
             sandbox.id.text(),
             nameOf(sandbox.status),
             {}});
    });
}

Done removeUnfinishedContainer(StepContext &context)
{
    SANDGLASS_TRY(const Sandbox sandbox, sandboxOf(context));
    if (sandbox.status != SandboxStatus::Failed)
        return {}; // it was finished, but for a last word in the journal
    const auto container = findContainer(context, sandbox);
    if (!container)
        return container.error().kind == ErrorKind::Conflict ? Done() : failure(container.error());
    if (!*container)
        return {};
    const Done removed = context.engine.removeContainer((*container)->id, context.abort);
    if (!removed && removed.error().kind != ErrorKind::NotFound)
        return removed;
    return {};
}

Done markSandboxFailed(Session &session, const Operation &operation, const QString &reason)
{
    SANDGLASS_TRY(Sandbox sandbox, SandboxRepository(session).find(operation.sandbox));
    if (sandbox.status != SandboxStatus::Pending)
        return {};
    sandbox.status = SandboxStatus::Failed;
    sandbox.error = reason;
    sandbox.changedAt = session.now();
    SANDGLASS_CHECK(SandboxRepository(session).save(sandbox));
    return appendAudit(
        session,
        {operation.requestedBy,
         nameOf(operation.kind),
         sandbox.id.text(),
         u"failed: "_s + reason,
         {}});
}

} // namespace sandglass
