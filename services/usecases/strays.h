#pragma once

#include "services/core/canceltoken.h"
#include "services/docker/dockerclient.h"

namespace sandglass {

class Database;

// What an engine finished when nobody waited for it any more, and that no name or row leads to.
// Only of what this store knows and is not working on: anything else is somebody else's. `images`
// and `containers` are the engine's, as listed. Both block; a worker thread.

/// Removes unnamed images of snapshots: those of interrupted commits.
[[nodiscard]] Done removeStrayImages(
    Database &database,
    DockerClient &engine,
    const QList<ImageSummary> &images,
    const CancelToken &cancel);

/// Removes containers that never ran, of sandboxes that failed or are terminated: those of
/// creations that were given up. Audited.
[[nodiscard]] Done removeStrayContainers(
    Database &database,
    DockerClient &engine,
    const QList<ContainerSummary> &containers,
    const CancelToken &cancel);

} // namespace sandglass
