#pragma once

#include "services/core/canceltoken.h"
#include "services/docker/dockerclient.h"

namespace sandglass {

class Database;

/// Gives the images of snapshots the names that tell what became of them (see ImageNotes), and
/// takes away those that are true no more. `images` are those of the engine that have our label;
/// what this store does not know is left alone. Blocks; a worker thread.
[[nodiscard]] Done keepNoteNames(
    Database &database,
    DockerClient &engine,
    const QList<ImageSummary> &images,
    const CancelToken &cancel);

} // namespace sandglass
