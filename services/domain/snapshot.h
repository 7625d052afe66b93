#pragma once

#include "services/core/clock.h"
#include "services/domain/identifiers.h"
#include "services/domain/location.h"
#include "services/domain/sandboxconfig.h"
#include "services/domain/secretscan.h"
#include "services/domain/snapshotpin.h"

#include <optional>
#include <span>

namespace sandglass {

enum class SnapshotStatus {
    Creating,
    Active,
    Deleting,
    Failed,
    Trashed, ///< out of the way, and restorable as active until its time in the trash is over
};

[[nodiscard]] QString nameOf(SnapshotStatus status); ///< as in database and API: "creating"
[[nodiscard]] std::optional<SnapshotStatus> snapshotStatusFrom(const QString &name);

/// What happens to a snapshot.
enum class SnapshotEvent {
    Committed, ///< its image is there, has its name and was checked
    CreationFailed, ///< or was cancelled
    RetryAsked,
    DeletionAsked, ///< of an active one or one in the trash, or the dismissal of a failed one
    DeletionGivenUp, ///< and its image is still there
    DismissalGivenUp, ///< and something of it is still there
    Removed, ///< nothing of it is left
    TrashAsked,
    TakenBack, ///< out of the trash
};

/// What an event makes of a snapshot.
struct SnapshotTransition
{
    SnapshotStatus from;
    SnapshotEvent event;
    std::optional<SnapshotStatus> to; ///< nothing: it leaves the list
};

/// All changes of status that there are; whatever is not here is refused.
[[nodiscard]] std::span<const SnapshotTransition> snapshotTransitions();
/// Null when the event cannot happen to a snapshot of that status.
[[nodiscard]] const SnapshotTransition *transitionOf(SnapshotStatus status, SnapshotEvent event);

/// Whether the sandbox is frozen while its filesystem is read.
enum class PauseDuringCommit { Yes, No };

[[nodiscard]] QString nameOf(PauseDuringCommit pause); ///< "yes", "no"
[[nodiscard]] PauseDuringCommit pauseFrom(const QString &name); ///< unknown gives Yes

/// The filesystem of a sandbox at one moment, kept as an image.
struct Snapshot
{
    SnapshotId id;
    SandboxId sandbox;
    NamespaceName namespaceName;
    EngineName engine; ///< where it was made
    SnapshotStatus status = SnapshotStatus::Creating;
    QString error; ///< for failed: what went wrong, for people; for deleting: what it waits for;
                   ///< else empty
    QString failure; ///< for failed: the kind of what went wrong, see nameOf(ErrorKind); else empty
    QString tag; ///< the user's; may be empty
    QString note; ///< the user's; may be empty
    PauseDuringCommit pause = PauseDuringCommit::Yes;
    qint64 ttlSeconds = 0; ///< 0 = never expires
    Timestamp createdAt; ///< by our clock, when it was reserved; its age counts from here
    Timestamp changedAt; ///< of the last change of status
    std::optional<qint64> sizeBytes; ///< of the whole image as the engine counts it (fact I3)
    std::optional<qint64> changedBytes; ///< what the snapshot adds to its sandbox's image; 0 = no
                                        ///< filesystem change (fact C13)
    std::optional<qint64> frozenMilliseconds; ///< how long the sandbox stood still
    QString imageReference; ///< local name of the image
    SandboxConfig config; ///< what makes the sandbox anew; empty until it was inspected
    ScheduleId schedule; ///< which one took it, also when that is gone; empty: somebody asked
    SnapshotId parent; ///< which snapshot the sandbox came from (lineage); empty for none
    QList<Location> locations;
    std::optional<SnapshotPin> pin;
    std::optional<Timestamp> usedAt; ///< when it was last restored
    std::optional<Timestamp> trashedUntil; ///< for trashed: when it is deleted
    QList<SecretFinding> findings; ///< what was seen in the sandbox just before it was taken
    qint64 changeSeq = 0;

    bool operator==(const Snapshot &) const = default;
};

/// The longest note that a snapshot may have, in characters.
inline constexpr int longestNote = 4096;

/// What is known of one place; null when it was never there.
[[nodiscard]] const Location *
locationAt(const Snapshot &snapshot, LocationKind kind, const QString &place);
[[nodiscard]] bool isPresentAt(const Snapshot &snapshot, LocationKind kind, const QString &place);

[[nodiscard]] std::optional<Timestamp> expiryOf(const Snapshot &snapshot);
[[nodiscard]] bool isExpired(const Snapshot &snapshot, Timestamp now);

/// What a snapshot's image adds to the image that its sandbox ran from; nothing when that one's
/// size is not known.
[[nodiscard]] std::optional<qint64>
addedBytes(qint64 imageBytes, const std::optional<qint64> &baseBytes);

/// Whether somebody may delete it, or dismiss it: everything but what is being created or deleted.
[[nodiscard]] bool canDelete(SnapshotStatus status);
[[nodiscard]] bool canRetry(SnapshotStatus status);

} // namespace sandglass
