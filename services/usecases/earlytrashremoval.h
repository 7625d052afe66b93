#pragma once

#include "services/core/canceltoken.h"
#include "services/core/result.h"
#include "services/domain/identifiers.h"

namespace sandglass {

class Database;
class EngineConnections;
class OperationRunner;

/// Deletes what is in the trash of an engine before its time while the engine's disk is short of
/// space, for namespaces that chose so (trash_least_free_percent). One snapshot after the other,
/// because only a finished deletion shows what it freed. Any worker thread; blocks for as long as
/// engines take to answer, at most some seconds for each.
class EarlyTrashRemoval
{
public:
    EarlyTrashRemoval(Database &database, EngineConnections &connections, OperationRunner &runner)
        : m_database(database)
        , m_connections(connections)
        , m_runner(runner)
    { }

    /// Looks once, at the engines that this process drives.
    [[nodiscard]] Done look(const CancelToken &stop);

private:
    [[nodiscard]] Done look(const EngineName &engine);

    Database &m_database;
    EngineConnections &m_connections;
    OperationRunner &m_runner;
};

} // namespace sandglass
