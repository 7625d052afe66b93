#pragma once

#include "services/domain/dockersettings.h"

namespace sandglass {

/// Where Docker's client keeps its settings.
[[nodiscard]] QString dockerFolder();

/// What this process's environment says to Docker's client. Reads a folder.
[[nodiscard]] DockerEnvironment dockerEnvironment();

struct ImportableEngine
{
    QString source; ///< "DOCKER_HOST", or the file of a context
    Result<DockerEngine> engine; ///< or why it cannot be used
};

/// The engines that Docker's client knows besides the usual socket: that of the environment, and
/// those of its contexts in the order of their files. Reads files; any thread.
[[nodiscard]] QList<ImportableEngine> importableEngines();

} // namespace sandglass
