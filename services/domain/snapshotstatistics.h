#pragma once

#include "services/core/clock.h"
#include "services/domain/identifiers.h"
#include "services/domain/snapshot.h"

#include <QList>

#include <map>
#include <optional>

namespace sandglass {

/// How many snapshots there are and what they take, of one namespace or of all.
struct SnapshotCounts
{
    qint64 total = 0;
    std::map<SnapshotStatus, qint64> byStatus; ///< every status, 0 included
    qint64 expired = 0; ///< active ones
    qint64 expiringWithinDay = 0; ///< active ones that have not expired
    qint64 expiringWithinWeek = 0; ///< those within a day included
    qint64 expiringWithinMonth = 0; ///< 30 days
    qint64 bytes = 0; ///< of whole images, as far as is known (fact I3)
    qint64 uniqueBytes = 0; ///< what they add to the images below them, as far as is known
    std::optional<Timestamp> oldestAt; ///< when the oldest active one was created

    bool operator==(const SnapshotCounts &) const = default;
};

struct SnapshotStatistics
{
    SnapshotCounts all;
    QList<std::pair<NamespaceName, SnapshotCounts>> namespaces; ///< by name

    bool operator==(const SnapshotStatistics &) const = default;
};

} // namespace sandglass
