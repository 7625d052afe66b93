#pragma once

#include "services/domain/imagereference.h"
#include "services/domain/snapshot.h"

namespace sandglass {

/// Active, made at time 0 on engine "a" and there, with a TTL of 100 s.
inline Snapshot activeSnapshot()
{
    Snapshot snapshot;
    snapshot.id = SnapshotId::trusted(QStringLiteral("snap-1"));
    snapshot.sandbox = SandboxId::trusted(QStringLiteral("sb-1"));
    snapshot.namespaceName = NamespaceName::trusted(QStringLiteral("default"));
    snapshot.engine = EngineName::trusted(QStringLiteral("a"));
    snapshot.status = SnapshotStatus::Active;
    snapshot.createdAt = fromMilliseconds(0);
    snapshot.ttlSeconds = 100;
    snapshot.imageReference = snapshotReference(snapshot.sandbox, snapshot.id);
    snapshot.config.image = QStringLiteral("base:1");
    Location location;
    location.place = QStringLiteral("a");
    location.imageReference = snapshot.imageReference;
    snapshot.locations = {location};
    return snapshot;
}

} // namespace sandglass
