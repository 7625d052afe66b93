#pragma once

#include "services/docker/dockerclient.h"
#include "services/domain/identifiers.h"

#include <map>
#include <mutex>
#include <optional>

namespace sandglass {

class Database;

/// Opens connections to engines by name. Any thread; a client belongs to the thread that asked for
/// it.
class EngineConnections
{
public:
    explicit EngineConnections(Database &database)
        : m_database(database)
    { }

    /// NotFound for an unknown engine, else as DockerClient::connect.
    [[nodiscard]] Result<std::unique_ptr<DockerClient>>
    connect(const EngineName &engine, const CancelToken &cancel = {});

    /// As connect(), but without asking for the version again where it is known: for a short
    /// question that somebody waits for. An engine that does not answer is noticed by the question.
    [[nodiscard]] Result<std::unique_ptr<DockerClient>>
    reopen(const EngineName &engine, const CancelToken &cancel = {});

    /// Whether reopen() needs no answer of the engine.
    [[nodiscard]] bool isKnown(const EngineName &engine) const;

    /// What the engine of this client says of itself; asked once per address until a connection
    /// fails, because /info takes an engine tens of milliseconds.
    [[nodiscard]] Result<EngineInfo> infoOf(DockerClient &client, const CancelToken &cancel = {});
    /// Ends what is kept open to an engine that is no longer known.
    void forget(const EngineName &engine);

private:
    struct KnownVersion
    {
        EngineVersion version;
        ApiVersion api;
    };
    [[nodiscard]] Result<EngineEndpoint> endpointOf(const EngineName &engine);
    [[nodiscard]] std::optional<EngineVersion> knownVersionOf(const EngineAddress &address);
    [[nodiscard]] Result<std::unique_ptr<DockerClient>>
    connectTo(const EngineEndpoint &endpoint, const CancelToken &cancel);

    Database &m_database;
    mutable std::mutex m_mutex;
    std::map<EngineName, EngineEndpoint> m_endpoints; ///< of those that were asked for
    std::map<QString, KnownVersion> m_known; ///< by address, as of the last connect()
    std::map<QString, EngineInfo> m_infos; ///< by address
};

} // namespace sandglass
