#pragma once

#include "services/domain/caller.h"
#include "services/domain/identifiers.h"
#include "services/domain/snapshotpin.h"

#include <QList>

namespace sandglass {

class Clock;
class Database;

/// For how long snapshots are kept, for one or for many; all or none of them change. NotFound:
/// one is not in the namespace. Conflict: one is being created or deleted, or failed. Any worker
/// thread; blocks for the database only.
class RetentionService
{
public:
    RetentionService(Database &database, const Clock &clock);

    /// Counted from their creation; 0: they never expire. InvalidArgument.
    [[nodiscard]] Done changeTtl(
        const NamespaceName &namespaceName,
        const QList<SnapshotId> &snapshots,
        qint64 ttlSeconds,
        const Caller &caller);

    /// Nothing deletes them until then; nothing: for good. A pin takes the place of an earlier one.
    /// InvalidArgument: a reason of more than 4096 characters, or a time that has passed.
    [[nodiscard]] Done
    pin(const NamespaceName &namespaceName,
        const QList<SnapshotId> &snapshots,
        const QString &reason,
        std::optional<Timestamp> until,
        const Caller &caller);

    [[nodiscard]] Done unpin(
        const NamespaceName &namespaceName,
        const QList<SnapshotId> &snapshots,
        const Caller &caller);

    /// Out of the trash; the TTL of what has expired begins again. Conflict also when it is not in
    /// it; LimitReached.
    [[nodiscard]] Done takeBack(
        const NamespaceName &namespaceName,
        const QList<SnapshotId> &snapshots,
        const Caller &caller);

private:
    Database &m_database;
    const Clock &m_clock;
};

} // namespace sandglass
