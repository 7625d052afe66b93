#pragma once

#include "services/domain/imagenotes.h"
#include "services/domain/snapshot.h"
#include "services/storage/session.h"

#include <QHash>
#include <QSet>

namespace sandglass {

/// What to list; empty and nothing mean "all". See SnapshotQuery of the use cases.
struct SnapshotFilter
{
    std::optional<NamespaceName> namespaceName;
    std::optional<SandboxId> sandbox;
    std::optional<SnapshotStatus> status;
    bool withTrash = false; ///< what is in the trash is hidden unless its status is asked for
    std::optional<EngineName> engine;
    QString text; ///< contained in id, sandbox id, tag or note; case-insensitive for a-z
    int limit = 0; ///< 0 = all
    /// Only those that come after this one in the order of the list: creation time, id.
    std::optional<std::pair<Timestamp, SnapshotId>> after;
};

class SnapshotRepository
{
public:
    explicit SnapshotRepository(Session &session)
        : m_session(session)
    { }

    /// Newest first, with locations, without configurations.
    [[nodiscard]] Result<QList<Snapshot>> list(const SnapshotFilter &filter);
    [[nodiscard]] Result<QSet<SnapshotId>> ids(); ///< of all
    [[nodiscard]] Result<QList<SnapshotId>> dueInTrash(int limit); ///< whose time there is over
    /// Of all that have any.
    [[nodiscard]] Result<QHash<SnapshotId, ImageNotes>> notes();
    /// Those made on the engine, in the order in which their time there ends.
    [[nodiscard]] Result<QList<std::pair<SnapshotId, NamespaceName>>>
    trashOf(const EngineName &engine);
    [[nodiscard]] Result<Snapshot> find(const SnapshotId &id); ///< whole; NotFound

    /// Those that count against the namespace's limit: being created, or active (design, section 4,
    /// rule 8).
    [[nodiscard]] Result<int> countLive(const NamespaceName &namespaceName);

    /// With the TTL that the label of its image has, or will have.
    [[nodiscard]] Done insert(const Snapshot &snapshot);

    /// Writes everything but identity, status, findings and locations. NotFound when it is gone.
    [[nodiscard]] Done save(const Snapshot &snapshot);
    [[nodiscard]] Done saveFindings(const SnapshotId &id, const QList<SecretFinding> &findings);

    /// Does to a snapshot what the domain's table of transitions says, with `error` as its error,
    /// `kind` as that of the error if it is failed then, and now as the time of its change, and
    /// writes it as save() does; or removes it with its locations. Conflict when the table has no
    /// such transition, or when the row's status is not the one that was read.
    [[nodiscard]] Done apply(
        Snapshot &snapshot,
        SnapshotEvent event,
        const QString &error = {},
        const QString &kind = {});

    [[nodiscard]] Done saveLocation(const Location &location); ///< inserts or replaces
    [[nodiscard]] Done removeLocation(const Location &location); ///< it may be gone already

    /// Those of active snapshots at a registry that nobody asked about since `before` and that no
    /// operation is working on; those that waited longest first.
    [[nodiscard]] Result<QList<Location>>
    uncheckedLocations(const RegistryName &registry, Timestamp before, int limit);

    /// Those of active snapshots at an engine that are present or missing.
    [[nodiscard]] Result<QList<Location>> settledLocations(const EngineName &engine);

    /// Writes a location's state, error and time of the check if it is still in the state `from`,
    /// and tells whether it was.
    [[nodiscard]] Result<bool> changeLocation(const Location &location, LocationState from);

private:
    [[nodiscard]] Result<QList<Location>> locationsOf(const SnapshotId &id);
    Session &m_session;
};

} // namespace sandglass
