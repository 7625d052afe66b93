#pragma once

#include "services/core/clock.h"
#include "services/domain/identifiers.h"

namespace sandglass {

enum class LocationKind { Engine, Registry };
enum class LocationState { Uploading, Present, Missing, Drifted, Removing, Failed };

[[nodiscard]] QString nameOf(LocationKind kind);
[[nodiscard]] LocationKind locationKindFrom(const QString &name); ///< unknown gives Engine
[[nodiscard]] QString nameOf(LocationState state);
/// Whether nothing works on the place: what it says is what was last seen there.
[[nodiscard]] bool isSettled(LocationState state);
[[nodiscard]] LocationState locationStateFrom(const QString &name); ///< unknown gives Failed

/// One place where a snapshot's image is.
struct Location
{
    SnapshotId snapshot;
    LocationKind kind = LocationKind::Engine;
    QString place; ///< the engine's or the registry's name
    LocationState state = LocationState::Present;
    QString imageReference; ///< how the image is called there
    QString imageId; ///< the engine's id of it; never compared between engines (fact I1)
    QString digest; ///< manifest digest; empty until it was pushed (fact I2)
    QString error; ///< why it is failed, drifted or still there; empty otherwise
    Timestamp changedAt;
    Timestamp checkedAt; ///< when the place itself was last asked; the epoch: never

    bool operator==(const Location &) const = default;
};

} // namespace sandglass
