#pragma once

#include "services/domain/location.h"
#include "services/operations/operationdefinition.h"

namespace sandglass {

// A place is written down before anything is put there, so that a deletion knows of it whatever
// happens meanwhile.

/// Writes the place as Uploading, unless the snapshot is there already: then it stays there,
/// whatever becomes of this transfer. Conflict when the snapshot is not active, or not any more.
[[nodiscard]] Done reservePlace(StepContext &context, const Location &place);

/// Writes the place as Present, asked just now, and audits it under `action`. Conflict as above.
[[nodiscard]] Done settlePlace(
    Session &session, const Operation &operation, const Location &place, const QString &action);

/// Writes a place that is still Uploading as Failed, and audits it. One that has the snapshot from
/// before is asked soon whether it still does.
[[nodiscard]] Done markPlaceFailed(
    Session &session,
    const Operation &operation,
    LocationKind kind,
    const QString &place,
    const QString &reason);

} // namespace sandglass
