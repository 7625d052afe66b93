#pragma once

#include "services/domain/caller.h"
#include "services/domain/snapshot.h"
#include "services/storage/session.h"

namespace sandglass {

// The ways out, for whoever asks; in the caller's transaction. The snapshot was read in it.

/// Writes down that it goes, and journals. Conflict in a status that has no such way.
[[nodiscard]] Result<OperationId>
beginRemoval(Session &session, Snapshot &snapshot, const Caller &caller, const QString &reason);

/// Out of the way, and deleted after so many seconds. Conflict when it is not active.
[[nodiscard]] Done moveToTrash(
    Session &session,
    Snapshot &snapshot,
    qint64 seconds,
    const Caller &caller,
    const QString &reason);

/// Conflict while a pin holds.
[[nodiscard]] Done refusePinned(const Snapshot &snapshot, Timestamp now);

} // namespace sandglass
