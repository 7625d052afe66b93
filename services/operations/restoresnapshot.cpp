#include "services/domain/imagereference.h"
#include "services/operations/baseimage.h"
#include "services/operations/imagefetch.h"
#include "services/operations/registryaccess.h"
#include "services/operations/sandboxsteps.h"
#include "services/operations/snapshotimage.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// The original image by its name, else by the tag under which we hold it.
Done checkOriginalImage(StepContext &context)
{
    const Done named = checkImage(context);
    if (named || named.error().kind != ErrorKind::NotFound)
        return named;
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    SANDGLASS_TRY(
        const auto image,
        findSnapshotImage(context.engine, snapshot.imageReference, snapshot.id, context.abort));
    if (!image)
        return named;
    const QString held = baseReference(baseOf(*image));
    if (!context.engine.inspectImage(held, context.abort))
        return named;
    context.operation.memory.insert("held_image"_L1, held);
    return {};
}

/// The name may have been taken away or given to another image since the plan was made.
Done checkSnapshotImage(StepContext &context)
{
    if (!context.operation.inputs["restored_from_snapshot"_L1].toBool())
        return checkOriginalImage(context);
    const QString reference = context.operation.inputs["image"_L1].toString();
    SANDGLASS_TRY(
        const auto image,
        findSnapshotImage(context.engine, reference, context.operation.snapshot, context.abort));
    if (!image) {
        return failure(
            ErrorKind::NotFound,
            u"the image %1 of the snapshot is no longer on engine %2"_s.arg(
                reference, context.operation.engine.text()));
    }
    return {};
}

Done fetchImage(StepContext &context)
{
    return context.operation.inputs["restored_from_snapshot"_L1].toBool() ? pullImage(context)
                                                                          : Done();
}

Done markRestoreFailed(Session &session, const Operation &operation, const QString &reason)
{
    SANDGLASS_CHECK(markSandboxFailed(session, operation, reason));
    return markFetchFailed(session, operation, reason);
}

Done undoRestore(StepContext &context)
{
    SANDGLASS_CHECK(removeUnfinishedContainer(context));
    return dropFetchedImage(context);
}

} // namespace

OperationDefinition restoreSnapshotDefinition()
{
    OperationDefinition definition = createSandboxDefinition();
    definition.kind = OperationKind::RestoreSnapshot;
    definition.steps.first().run = checkSnapshotImage;
    definition.steps.prepend({u"name image"_s, nameFetchedImage});
    definition.steps.prepend({u"pull image"_s, fetchImage});
    definition.markFailed = markRestoreFailed;
    definition.undo = undoRestore;
    definition.isWorthWaiting = isWorthWaitingForRegistry;
    return definition;
}

} // namespace sandglass
