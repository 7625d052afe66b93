#pragma once

#include "services/docker/dockerclient.h"
#include "services/domain/secretscan.h"

namespace sandglass {

/// Searches the files that changed in a container, by their paths and the beginning of those worth
/// reading. What its image brought along is not looked at. What could not be read is a finding,
/// too; an error only where asking again may help.
[[nodiscard]] Result<QList<SecretFinding>>
secretsInFiles(DockerClient &engine, const QString &containerId, const CancelToken &abort);

} // namespace sandglass
