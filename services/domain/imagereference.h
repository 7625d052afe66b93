#pragma once

#include "services/domain/identifiers.h"

namespace sandglass {

/// The local repository of all snapshots (design, section 8).
inline constexpr QLatin1StringView snapshotRepository{"sandglass-snapshots"};

/// The tag of a snapshot's image, unique per snapshot (fact C15): "{sandbox}-{snapshot}".
[[nodiscard]] QString snapshotTag(const SandboxId &sandbox, const SnapshotId &snapshot);

/// Whether a tag has the form of those.
[[nodiscard]] bool isSnapshotTag(const QString &tag);

/// "sandglass-snapshots:{sandbox}-{snapshot}".
[[nodiscard]] QString snapshotReference(const SandboxId &sandbox, const SnapshotId &snapshot);

/// The repository of our own tags on images that sandboxes were made from (fact C12). It comes
/// first in the alphabet: `docker image prune -a` takes the names of an image in use away in that
/// order until one is left, and that one shall be the name that people gave it.
inline constexpr QLatin1StringView baseRepository{"0.sandglass/base"};

/// The tag by which we hold the image of this id, and its whole name, "0.sandglass/base:{digest}".
[[nodiscard]] QString baseTag(const QString &imageId);
[[nodiscard]] QString baseReference(const QString &imageId);

/// A user's tag: 1 to 128 of A-Z a-z 0-9 _ . -, the first a letter, digit or '_' (distribution
/// spec, "tag").
[[nodiscard]] Result<QString> validateTag(const QString &tag);

/// An image reference as people type it, "[host[:port]/]path[:tag][@digest]" or an image id.
/// Catches what an engine would refuse, and what would change the request's path.
[[nodiscard]] Result<QString> validateImageReference(const QString &reference);

} // namespace sandglass
