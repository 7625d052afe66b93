#pragma once

#include "services/domain/snapshot.h"
#include "services/operations/operationdefinition.h"

namespace sandglass {

[[nodiscard]] Result<Snapshot> snapshotOf(const StepContext &context);

/// The image of this name, if it is there and is this snapshot's by its label; nothing otherwise.
[[nodiscard]] Result<std::optional<ImageDetails>> findSnapshotImage(
    DockerClient &engine,
    const QString &reference,
    const SnapshotId &snapshot,
    const CancelToken &abort);

/// Takes a name away from an image; it is fine when it is gone already.
[[nodiscard]] Done
removeImageName(DockerClient &engine, const QString &name, const CancelToken &abort);

/// What the commit writes into the image's comment. Unlike a label it is not inherited by images
/// that others build from ours, so it tells our own unnamed images from theirs; and it tells by
/// which operation and after how many thaws the image was made.
[[nodiscard]] QString commitComment(const Operation &operation);

/// The image without a name that this operation committed since the sandbox last began to stand
/// still; empty for none.
[[nodiscard]] Result<QString>
committedImage(DockerClient &engine, const Operation &operation, const CancelToken &abort);

/// Removes the images that commits of this snapshot made and that have no name: of attempts before,
/// and of commits that were interrupted here but went on in the engine.
[[nodiscard]] Done
removeUnnamedImages(DockerClient &engine, const SnapshotId &snapshot, const CancelToken &abort);

} // namespace sandglass
