#pragma once

#include "services/core/clock.h"
#include "services/core/result.h"
#include "services/domain/caller.h"
#include "services/domain/identifiers.h"

#include <QList>
#include <QStringList>

#include <optional>

namespace sandglass {

class Database;
class EngineConnections;

/// An image that is a snapshot of ours by its name and its labels, of a snapshot that the database
/// does not know.
struct OrphanedImage
{
    QString imageId;
    QStringList names; ///< those that we gave it; the snapshot's own one last
    SnapshotId snapshot;
    QString namespaceName; ///< as its label says
    qint64 sizeBytes = 0;
    Timestamp createdAt; ///< by the engine's clock
};

struct EngineOrphans
{
    EngineName engine;
    std::optional<Error> error; ///< why it could not be asked; then there are no images
    QList<OrphanedImage> images;
};

/// Finds what nobody looks after any more. A rebuild adopts it; nothing is deleted unasked. Any
/// worker thread; blocks for as long as engines take to answer, at most some seconds for each.
class OrphanService
{
public:
    OrphanService(Database &database, EngineConnections &connections)
        : m_database(database)
        , m_connections(connections)
    { }

    [[nodiscard]] Result<QList<EngineOrphans>> list(); ///< of all engines, by name

    /// Deletes one that list() told of; audited. NotFound: there is no such orphan (any more), or
    /// no such engine; Conflict, with the engine's words: something is built on it or runs from it.
    [[nodiscard]] Done
    remove(const EngineName &engine, const QString &imageId, const Caller &caller);

private:
    [[nodiscard]] EngineOrphans lookAt(const EngineName &name);

    Database &m_database;
    EngineConnections &m_connections;
};

} // namespace sandglass
