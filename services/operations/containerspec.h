#pragma once

#include "services/docker/dockertypes.h"
#include "services/domain/sandbox.h"

namespace sandglass {

/// The body of POST /containers/create that makes a sandbox's container from an image. Pure.
[[nodiscard]] QJsonObject containerSpec(const Sandbox &sandbox, const QString &image);

/// The whole configuration of a sandbox as its container has it; image, timeout and secret names
/// are taken over from what is known of the sandbox. Leaves out what belongs to the one container
/// only: its image, generated host name, labels of ours and values of secret variables. Pure.
[[nodiscard]] SandboxConfig configOf(const ContainerDetails &container, const Sandbox &sandbox);

} // namespace sandglass
