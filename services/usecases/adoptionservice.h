#pragma once

#include "services/domain/caller.h"
#include "services/domain/containermaker.h"

#include <QList>

namespace sandglass {

class Database;
class EngineConnections;

/// A container as an engine lists it, for people who look for one to adopt.
struct EngineContainer
{
    QString id;
    QString name;
    QString image;
    QString state; ///< in the engine's words: "running", "exited", …
    ContainerMaker maker = ContainerMaker::Other;
    Timestamp createdAt; ///< by the engine's clock
    SandboxId sandbox; ///< the one that it is the container of; empty for none

    /// Whether it may be adopted: it is not Sandglass's own, and nobody adopted it yet.
    [[nodiscard]] bool isAdoptable() const;
};

struct AdoptRequest
{
    NamespaceName namespaceName;
    EngineName engine;
    QString container; ///< id or name
    QString displayName; ///< empty: the container's name
    QStringList secretNames; ///< environment names whose values shall not be kept
    Caller caller;
};

/// Containers that others made: which there are, and taking them into a namespace and letting them
/// go. Neither touches the container. An adopted one cannot be labelled, so only the database knows
/// it. Any worker thread. No journalled operations: an engine is asked, but nothing on it changes.
class AdoptionService
{
public:
    AdoptionService(Database &database, EngineConnections &connections)
        : m_database(database)
        , m_connections(connections)
    { }

    /// All containers on an engine, Indexify's sandboxes first, then by name. Asks the engine, for
    /// at most 10 s.
    [[nodiscard]] Result<QList<EngineContainer>> containers(const EngineName &engine);

    /// Makes the container a sandbox of the namespace; again, gives the same sandbox. Asks the
    /// engine, for at most 10 s. InvalidArgument, NotFound (engine, container); Conflict (it is
    /// Sandglass's own, adopted into another namespace, or being removed).
    [[nodiscard]] Result<Sandbox> adopt(const AdoptRequest &request);

    /// Forgets an adopted sandbox; its container and its snapshots stay. NotFound; Conflict (it is
    /// no adopted one, or an operation works on it).
    [[nodiscard]] Done
    release(const NamespaceName &namespaceName, const SandboxId &id, const Caller &caller);

private:
    Database &m_database;
    EngineConnections &m_connections;
};

} // namespace sandglass
