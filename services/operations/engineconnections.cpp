#include "services/operations/engineconnections.h"

#include "services/storage/database.h"
#include "services/storage/enginerepository.h"

namespace sandglass {

namespace {

void close(const EngineEndpoint &endpoint)
{
    if (endpoint.channels != nullptr)
        endpoint.channels->close();
}

} // namespace

Result<EngineEndpoint> EngineConnections::endpointOf(const EngineName &engine)
{
    SANDGLASS_TRY(const Engine known, m_database.read([&engine](Session &session) {
        return EngineRepository(session).find(engine);
    }));
    SANDGLASS_TRY(const EngineAddress address, known.parsedAddress());
    const std::lock_guard lock(m_mutex);
    EngineEndpoint &endpoint = m_endpoints[engine];
    if (endpoint.address != address) {
        close(endpoint);
        endpoint = EngineEndpoint(address);
    }
    return endpoint;
}

void EngineConnections::forget(const EngineName &engine)
{
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_endpoints.find(engine); it != m_endpoints.end()) {
        close(it->second);
        m_endpoints.erase(it);
    }
}

std::optional<EngineVersion> EngineConnections::knownVersionOf(const EngineAddress &address)
{
    const std::lock_guard lock(m_mutex);
    const auto it = m_known.find(address.text());
    return it == m_known.end() ? std::nullopt : std::optional(it->second.version);
}

Result<std::unique_ptr<DockerClient>>
EngineConnections::connectTo(const EngineEndpoint &endpoint, const CancelToken &cancel)
{
    auto client = DockerClient::connect(endpoint, cancel, knownVersionOf(endpoint.address));
    const std::lock_guard lock(m_mutex);
    if (client) {
        m_known.insert_or_assign(
            endpoint.address.text(),
            KnownVersion{(*client)->engineVersion(), (*client)->apiVersion()});
    } else {
        m_known.erase(endpoint.address.text());
        m_infos.erase(endpoint.address.text());
    }
    return client;
}

Result<EngineInfo> EngineConnections::infoOf(DockerClient &client, const CancelToken &cancel)
{
    const QString address = client.endpoint().address.text();
    {
        const std::lock_guard lock(m_mutex);
        if (const auto it = m_infos.find(address); it != m_infos.end())
            return it->second;
    }
    SANDGLASS_TRY(const EngineInfo info, client.info(cancel));
    const std::lock_guard lock(m_mutex);
    m_infos.insert_or_assign(address, info);
    return info;
}

Result<std::unique_ptr<DockerClient>>
EngineConnections::connect(const EngineName &engine, const CancelToken &cancel)
{
    SANDGLASS_TRY(const EngineEndpoint endpoint, endpointOf(engine));
    return connectTo(endpoint, cancel);
}

Result<std::unique_ptr<DockerClient>>
EngineConnections::reopen(const EngineName &engine, const CancelToken &cancel)
{
    SANDGLASS_TRY(const EngineEndpoint endpoint, endpointOf(engine));
    {
        const std::lock_guard lock(m_mutex);
        if (const auto it = m_known.find(endpoint.address.text()); it != m_known.end())
            return DockerClient::reopen(endpoint, it->second.version, it->second.api);
    }
    return connectTo(endpoint, cancel);
}

bool EngineConnections::isKnown(const EngineName &engine) const
{
    const std::lock_guard lock(m_mutex);
    const auto it = m_endpoints.find(engine);
    return it != m_endpoints.end() && m_known.contains(it->second.address.text());
}

} // namespace sandglass
