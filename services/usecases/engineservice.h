#pragma once

#include "services/domain/caller.h"
#include "services/domain/engine.h"

#include <QStringList>

namespace sandglass {

class Clock;
class Database;
class EngineConnections;
class OperationRunner;

/// What the window and the API do with engines. Any worker thread.
class EngineService
{
public:
    EngineService(
        Database &database,
        OperationRunner &runner,
        EngineConnections &connections,
        const Clock &clock);

    [[nodiscard]] Result<QList<Engine>> list(); ///< ordered by name
    [[nodiscard]] Result<Engine> find(const EngineName &name);

    /// Writes it down; the monitor connects. Conflict: the name is taken.
    [[nodiscard]] Done
    add(const EngineName &name, const EngineAddress &address, const Caller &caller);

    /// Gives a known engine another address; the monitor connects anew. The same again changes
    /// nothing. NotFound.
    [[nodiscard]] Done
    change(const EngineName &name, const EngineAddress &address, const Caller &caller);

    /// Forgets it. Conflict while sandboxes, snapshots or unfinished operations are on it.
    [[nodiscard]] Done remove(const EngineName &name, const Caller &caller);

    /// Connects once, for at most 5 s, and tells what answered; nothing is written down.
    [[nodiscard]] Result<Engine> probe(const EngineAddress &address);

    /// References of the images there that a sandbox can be made of, without snapshots; sorted.
    /// Asks the engine.
    [[nodiscard]] Result<QStringList> images(const EngineName &name);

private:
    Database &m_database;
    OperationRunner &m_runner;
    EngineConnections &m_connections;
    const Clock &m_clock;
};

} // namespace sandglass
