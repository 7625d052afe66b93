#pragma once

#include "services/domain/identifiers.h"
#include "services/domain/sandboxconfig.h"
#include "services/domain/secretscan.h"

#include <optional>

namespace sandglass {

inline constexpr int manyLayers = 100; ///< from here on a sandbox nears the limit
inline constexpr int mostLayers = 125; ///< engines refuse more (fact C10); a commit adds one
inline constexpr int spaceFactor =
    3; ///< free bytes that a commit needs per changed byte (fact C11)

/// A condition that is looked at before a commit.
struct SnapshotCheck
{
    enum class Name { FreeSpace, LayerDepth, BaseImage };
    enum class Outcome { Passed, Warning, Failed, Unknown };
    Name name = Name::FreeSpace;
    Outcome outcome = Outcome::Unknown;

    bool operator==(const SnapshotCheck &) const = default;
};

/// What a snapshot of a sandbox would be, and whether it can be taken, as its engine says now.
struct SnapshotPlan
{
    SandboxId sandbox;
    EngineName engine;
    SandboxConfig config; ///< its mounts() will not be in the snapshot
    std::optional<qint64>
        changedBytes; ///< what the snapshot would add; nothing when the engine did not say
    std::optional<qint64> freeBytes; ///< on the disk of the engine; nothing when that is not known
    std::optional<int> layers; ///< of the image it runs from; nothing when that is gone
    bool alreadyPaused = false; ///< somebody froze it; it stays frozen

    QList<SecretFinding>
        findings; ///< in its environment and in the files that changed; not what its image brought

    bool operator==(const SnapshotPlan &) const = default;

    /// How much must be free for it; nothing when the engine did not say what changed.
    [[nodiscard]] std::optional<qint64> neededBytes() const;

    /// One of each name, in their order.
    [[nodiscard]] QList<SnapshotCheck> checks() const;

    /// Why it cannot be taken, and what to do: StorageFull, Conflict (layers). What is unknown is
    /// no reason: the engine says it in its own words then.
    [[nodiscard]] Done refuseFailedChecks() const;
};

} // namespace sandglass
