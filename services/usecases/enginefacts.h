#pragma once

#include "services/docker/dockerclient.h"

namespace sandglass {

/// Writes into an engine's value what it just said of itself: it is connected.
void applyFacts(Engine &engine, const DockerClient &client, const EngineInfo &info, Timestamp now);

} // namespace sandglass
