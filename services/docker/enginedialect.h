#pragma once

#include "services/docker/dockertypes.h"

namespace sandglass {

// The one place where what another engine says is put as Docker says it, by the engine's
// capabilities, so that nobody above DockerClient needs to know which engine it is. Pure.

/// An image's name as people write it: without "docker.io/library/", "docker.io/" or "localhost/"
/// before it.
[[nodiscard]] QString shortName(const QString &reference);

void normalise(QList<ContainerSummary> &containers, const EngineCapabilities &capabilities);
void normalise(ContainerDetails &container, const EngineCapabilities &capabilities);
void normalise(QList<ImageSummary> &images, const EngineCapabilities &capabilities);
void normalise(ImageDetails &image, const EngineCapabilities &capabilities);
void normalise(ImageRemoval &removal, const EngineCapabilities &capabilities);

/// Takes the names that are not in this repository off images that were asked for by it: Podman
/// lists all names of such an image.
void keepNamesIn(QList<ImageSummary> &images, const QString &repository);

/// Labels as instructions of a commit, for engines that take them in no other way. A line break in
/// a value becomes a space: these engines would take what follows it for another instruction.
[[nodiscard]] QStringList labelInstructions(const Labels &labels);

} // namespace sandglass
