#pragma once

#include "services/docker/dockerclient.h"
#include "services/domain/sandbox.h"
#include "services/domain/snapshotplan.h"

namespace sandglass {

class EngineConnections;

/// Asks the engine what a snapshot of the sandbox would be. NotFound: its container is gone.
[[nodiscard]] Result<SnapshotPlan> planSnapshot(
    DockerClient &engine,
    EngineConnections &connections,
    const Sandbox &sandbox,
    const CancelToken &abort);

} // namespace sandglass
