#pragma once

#include "services/domain/labels.h"

namespace sandglass {

// What the labels of a container or an image tell of it, for a rebuild of the database. Anybody who
// may use the engine can write labels, so nothing is taken over that is not well-formed. Pure.

/// What an image's labels tell of its snapshot.
struct SnapshotProvenance
{
    Snapshot snapshot; ///< active; size, locations and where it is are for who found the image. Its
                       ///< engine is the one where it was made, empty when the labels do not say
    Sandbox sandbox; ///< the one that it shows, as a terminated one (an adopted one: let go of),
                     ///< without an engine
    std::optional<qint64> baseBytes; ///< size of the image that the sandbox ran from
};

/// Which snapshot an image is of, if it is not one that was built on it and inherited its labels.
struct SnapshotIdentity
{
    SnapshotId snapshot;
    SandboxId sandbox; ///< the one that it shows
};
/// InvalidArgument with the first thing that is wrong.
[[nodiscard]] Result<SnapshotIdentity> snapshotIdentityFrom(const Labels &labels);

/// InvalidArgument with the first thing that is wrong.
[[nodiscard]] Result<SnapshotProvenance> snapshotFrom(const Labels &labels);

/// The sandbox of a container: identity, creation and the part of its configuration that the engine
/// does not keep. InvalidArgument with the first thing that is wrong.
[[nodiscard]] Result<Sandbox> sandboxFrom(const Labels &labels);

} // namespace sandglass
