#pragma once

#include "services/docker/dockerclient.h"

namespace sandglass {

/// Engines before version 26 keep in a committed image, besides its own configuration, that of the
/// container: with the values of variables that the image overrides (seen with 20.10). This makes
/// the same image without that record and returns its id; no layer is copied.
[[nodiscard]] Result<QString>
makeRecordFreeImage(DockerClient &engine, const ImageDetails &image, const CancelToken &interrupt);

} // namespace sandglass
