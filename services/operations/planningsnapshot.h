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

struct DiskSpace
{
    qint64 freeBytes = 0; ///< for those that are not root
    qint64 bytes = 0;
};

/// The disk where an engine keeps its data. Nothing when that cannot be known from here: only an
/// engine that is reached by a socket and says that it runs on the host of this name has its disk
/// where we can look.
[[nodiscard]] std::optional<DiskSpace>
diskOf(const EngineAddress &address, const EngineInfo &info, const QString &ownHostName);

} // namespace sandglass
