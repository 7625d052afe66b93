#include "services/operations/planningsnapshot.h"

#include "services/operations/containerspec.h"
#include "services/operations/enginedisk.h"

namespace sandglass {

Result<InspectedSandbox> inspectedSandbox(
    DockerClient &engine,
    const Sandbox &sandbox,
    const ContainerDetails &container,
    const CancelToken &abort)
{
    InspectedSandbox inspected{sandbox, container, {}};
    const auto image = engine.inspectImage(container.imageId, abort);
    if (image)
        inspected.image = *image;
    else if (image.error().kind != ErrorKind::NotFound)
        return failure(image.error());
    return inspected;
}

Result<SnapshotPlan> planSnapshot(
    DockerClient &engine,
    EngineConnections &connections,
    const InspectedSandbox &inspected,
    const CancelToken &abort)
{
    SnapshotPlan plan;
    plan.sandbox = inspected.sandbox.id;
    plan.engine = inspected.sandbox.engine;
    plan.config = configOf(inspected.container, inspected.sandbox);
    plan.changedBytes = inspected.container.changedBytes;
    plan.alreadyPaused = inspected.container.paused;
    if (inspected.image)
        plan.layers = int(inspected.image->layers.size());
    SANDGLASS_TRY(const auto disk, diskOf(engine, connections, abort));
    if (disk)
        plan.freeBytes = disk->freeBytes;
    return plan;
}

} // namespace sandglass
