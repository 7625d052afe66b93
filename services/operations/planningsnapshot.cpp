#include "services/operations/planningsnapshot.h"

#include "services/operations/containerspec.h"
#include "services/operations/enginedisk.h"

namespace sandglass {

Result<SnapshotPlan> planSnapshot(
    DockerClient &engine,
    EngineConnections &connections,
    const Sandbox &sandbox,
    const CancelToken &abort)
{
    SANDGLASS_TRY(
        const ContainerDetails container,
        engine.inspectContainer(sandbox.containerId, WithSize::Yes, abort));
    SnapshotPlan plan;
    plan.sandbox = sandbox.id;
    plan.engine = sandbox.engine;
    plan.config = configOf(container, sandbox);
    plan.changedBytes = container.changedBytes;
    plan.alreadyPaused = container.paused;
    const auto image = engine.inspectImage(container.imageId, abort);
    if (image)
        plan.layers = int(image->layers.size());
    else if (image.error().kind != ErrorKind::NotFound)
        return failure(image.error());
    SANDGLASS_TRY(const auto disk, diskOf(engine, connections, abort));
    if (disk)
        plan.freeBytes = disk->freeBytes;
    return plan;
}

} // namespace sandglass
