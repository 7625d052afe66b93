#pragma once

#include "models/roles.h"
#include "services/domain/engine.h"
#include "services/domain/operation.h"
#include "services/domain/registry.h"
#include "services/domain/snapshot.h"

namespace sandglass {

/// Whether a snapshot's image is at one place, in words and as a mark.
struct Presence
{
    LocationKind kind = LocationKind::Engine;
    QString place; ///< the engine's or the registry's name
    StateMark mark = StateMark::Unknown;
    QString text; ///< "present", "unknown since …; was present", "not there"

    bool operator==(const Presence &) const = default;
};

/// At every engine and then at every registry, and at places that are not known any more but are
/// still written down. A place that cannot be asked now is unknown since it last answered.
/// `operations` are looked through for the transfers that are under way. Pure but for the user's
/// locale.
[[nodiscard]] QList<Presence> presenceOf(
    const Snapshot &snapshot,
    const QList<Engine> &engines,
    const QList<Registry> &registries,
    const QList<Operation> &operations,
    Timestamp now);

/// "engine local: present".
[[nodiscard]] QString lineOf(const Presence &presence);

} // namespace sandglass
