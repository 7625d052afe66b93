#pragma once

#include "services/docker/dockerclient.h"
#include "services/domain/sandbox.h"
#include "services/domain/snapshotplan.h"

namespace sandglass {

class EngineConnections;

/// A sandbox as its engine has it now.
struct InspectedSandbox
{
    Sandbox sandbox;
    ContainerDetails container; ///< with its size
    std::optional<ImageDetails> image; ///< that it runs from; nothing when that is gone
};

/// `container`: of the sandbox, with its size.
[[nodiscard]] Result<InspectedSandbox> inspectedSandbox(
    DockerClient &engine,
    const Sandbox &sandbox,
    const ContainerDetails &container,
    const CancelToken &abort);

/// What a snapshot of it would be.
[[nodiscard]] Result<SnapshotPlan> planSnapshot(
    DockerClient &engine,
    EngineConnections &connections,
    const InspectedSandbox &inspected,
    const CancelToken &abort);

} // namespace sandglass
