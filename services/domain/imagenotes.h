#pragma once

#include "services/core/clock.h"
#include "services/domain/identifiers.h"

#include <QStringList>

#include <optional>

namespace sandglass {

/// What became of a snapshot since its image was made, as far as the image tells it: in names that
/// it has besides its own, because labels cannot be changed. So people see it on the engine, and a
/// rebuilt database knows it.
struct ImageNotes
{
    bool trashed = false;
    bool pinned = false;
    std::optional<Timestamp> pinnedUntil; ///< nothing: for good, if it is pinned
    std::optional<qint64> ttlSeconds; ///< as it was changed to; nothing: it is that of the label

    bool operator==(const ImageNotes &) const = default;
};

/// "sandglass-trash:{tag}", "sandglass-pinned:{tag}" or "sandglass-pinned:{tag}.{milliseconds}",
/// "sandglass-ttl:{tag}.{seconds}", with the tag of the snapshot's own name. Pure.
[[nodiscard]] QStringList
noteNames(const ImageNotes &notes, const SandboxId &sandbox, const SnapshotId &snapshot);

/// What those of an image's names say that are notes of this snapshot. Of two that differ, because
/// one was about to be taken away, the one that keeps it longer. Pure.
[[nodiscard]] ImageNotes
notesFrom(const QStringList &names, const SandboxId &sandbox, const SnapshotId &snapshot);

/// Those of an image's names that are notes of this snapshot.
[[nodiscard]] QStringList
noteNamesAmong(const QStringList &names, const SandboxId &sandbox, const SnapshotId &snapshot);

/// Those of an image's names that are this snapshot's: its notes, and last its own.
[[nodiscard]] QStringList
snapshotNamesAmong(const QStringList &names, const SandboxId &sandbox, const SnapshotId &snapshot);

/// Whether a name is such a note, of whatever snapshot.
[[nodiscard]] bool isNoteName(const QString &name);

} // namespace sandglass
