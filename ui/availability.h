#pragma once

#include "services/domain/engine.h"
#include "services/domain/operation.h"
#include "services/domain/sandbox.h"
#include "services/domain/snapshot.h"

#include <QSet>

namespace sandglass {

/// Whether an action makes sense for what is selected, and if not, why, in words for a tooltip.
struct Availability
{
    QString whyNot; ///< empty: it makes sense

    [[nodiscard]] bool isAvailable() const { return whyNot.isEmpty(); }
    bool operator==(const Availability &) const = default;
};

// Pure functions of the selection; `live` are the engines that answer now.

[[nodiscard]] Availability forNewSandbox(const QSet<EngineName> &live);
[[nodiscard]] Availability
forSnapshot(const QList<Sandbox> &selected, const QSet<EngineName> &live);
[[nodiscard]] Availability forTerminate(const QList<Sandbox> &selected);
[[nodiscard]] Availability forLetGo(const QList<Sandbox> &selected);
/// An expired one may be restored without its image: that makes a fresh sandbox.
[[nodiscard]] Availability forRestore(const QList<Snapshot> &selected, Timestamp now);
[[nodiscard]] Availability forRetry(const QList<Snapshot> &selected);
/// As soon as one of them may be deleted; see deletableOf.
[[nodiscard]] Availability forDelete(const QList<Snapshot> &selected, Timestamp now);
/// Neither in the making nor in the deletion, and not pinned.
[[nodiscard]] QList<Snapshot> deletableOf(const QList<Snapshot> &selected, Timestamp now);
[[nodiscard]] Availability forCancel(const QList<Operation> &selected);
[[nodiscard]] Availability forCopyError(const QList<Operation> &selected);
[[nodiscard]] Availability forChange(const QList<Engine> &selected);
[[nodiscard]] Availability forForget(const QList<Engine> &selected);

} // namespace sandglass
