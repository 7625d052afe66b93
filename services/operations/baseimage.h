#pragma once

#include "services/docker/dockerclient.h"

namespace sandglass {

// The image that a sandbox was made from must outlive it and its snapshots: a commit needs it (fact
// C12), and so does a fresh sandbox in place of an expired snapshot. We hold it by a tag of our
// own, for as long as the engine has a container or an image of ours that names it. Who needs what
// is read from the engine alone, so that programs with different databases may share one.

/// The image on which a sandbox's image rests: that itself, or for one restored from a snapshot the
/// one on which the snapshot rests.
[[nodiscard]] QString baseOf(const ImageDetails &image);

/// Whether our tag was on it when it was inspected.
[[nodiscard]] bool isHeldBase(const ImageDetails &image);

/// Puts our tag on it; nothing happens when it is there already. NotFound: there is no such image.
[[nodiscard]] Done
holdBaseImage(DockerClient &engine, const QString &imageId, const CancelToken &abort);

/// What has to be held and let go on an engine.
struct BaseHolds
{
    QStringList missing; ///< ids of images
    QStringList needless; ///< names of ours

    bool operator==(const BaseHolds &) const = default;
};

/// `sandboxes`: the containers with our label; `snapshots`: the images with our label; `held`: the
/// images with a tag of ours. Pure.
[[nodiscard]] BaseHolds reviewHolds(
    const QList<ContainerSummary> &sandboxes,
    const QList<ImageSummary> &snapshots,
    const QList<ImageSummary> &held);

/// Asks the engine what is held, and puts it right.
[[nodiscard]] Done keepBaseImages(
    DockerClient &engine,
    const QList<ContainerSummary> &sandboxes,
    const QList<ImageSummary> &snapshots,
    const CancelToken &cancel);

} // namespace sandglass
