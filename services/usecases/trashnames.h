#pragma once

#include "services/core/canceltoken.h"
#include "services/docker/dockerclient.h"

namespace sandglass {

class Database;

/// Gives the images of snapshots that are in the trash their second name there, and takes it away
/// from those that were taken back. `images` are those of the engine that have our label; what this
/// store does not know is left alone. Blocks; a worker thread.
[[nodiscard]] Done keepTrashNames(
    Database &database,
    DockerClient &engine,
    const QList<ImageSummary> &images,
    const CancelToken &cancel);

} // namespace sandglass
