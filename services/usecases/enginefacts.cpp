#include "services/usecases/enginefacts.h"

namespace sandglass {

void applyFacts(Engine &engine, const DockerClient &client, const EngineInfo &info, Timestamp now)
{
    const EngineVersion &version = client.engineVersion();
    engine.state = EngineState::Connected;
    engine.product = version.product;
    engine.version = version.engineVersion;
    engine.apiVersion = client.apiVersion().text();
    engine.platform = version.operatingSystem + u'/' + version.architecture;
    engine.storageDriver = info.storageDriver;
    engine.error.clear();
    engine.lastSeenAt = now;
    engine.nextAttemptAt.reset();
}

} // namespace sandglass
