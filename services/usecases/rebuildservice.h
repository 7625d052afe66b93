#pragma once

#include "services/domain/caller.h"
#include "services/domain/identifiers.h"

#include <QList>

#include <optional>

namespace sandglass {

class Database;
class EngineConnections;

/// What a rebuild made of one engine.
struct EngineRebuild
{
    struct Skipped
    {
        QString subject; ///< the container or the image, as the engine calls it
        QString reason; ///< in words for people
    };

    EngineName engine;
    std::optional<Error> error; ///< why it could not be asked; nothing else is set then
    int known = 0; ///< sandboxes and snapshots on it that the database had already
    QList<SandboxId> sandboxes; ///< added
    QList<SnapshotId> snapshots; ///< added
    QList<Skipped> skipped; ///< looks like ours, and was left alone
};

/// Makes the database whole again from what the engines have: containers and images carry labels
/// that tell everything. Adds rows that are missing and changes none. Any worker thread.
///
/// It is no journalled operation: nothing outside the database changes, what an engine gives is
/// written in one transaction, and doing it again does no harm, so there is nothing to undo or to
/// go on with after a crash.
class RebuildService
{
public:
    RebuildService(Database &database, EngineConnections &connections)
        : m_database(database)
        , m_connections(connections)
    { }

    /// Of all engines, ordered by name. Blocks for as long as the engines take to answer; one that
    /// does not answer costs some seconds and is told in its own report.
    [[nodiscard]] Result<QList<EngineRebuild>> rebuild(const Caller &caller);

private:
    Database &m_database;
    EngineConnections &m_connections;
};

} // namespace sandglass
