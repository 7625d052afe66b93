#pragma once

#include "services/core/clock.h"
#include "services/domain/caller.h"
#include "services/domain/identifiers.h"

#include <QList>

#include <optional>

namespace sandglass {

/// What became of one snapshot that a cleanup was to delete.
enum class CleanupOutcome {
    Planned, ///< not begun
    Deleting, ///< handed to an operation
    Trashed, ///< restorable until its time in the trash is over
    Deleted,
    Skipped, ///< it changed since the plan was made; `reason` says how
    Failed, ///< `reason` says why; the snapshot is what it was
};

[[nodiscard]] QString nameOf(CleanupOutcome outcome); ///< as in database and API
[[nodiscard]] CleanupOutcome cleanupOutcomeFrom(const QString &name); ///< unknown gives Failed
[[nodiscard]] bool isFinal(CleanupOutcome outcome);

struct CleanupItem
{
    SnapshotId snapshot;
    NamespaceName namespaceName;
    CleanupOutcome outcome = CleanupOutcome::Planned;
    QString reason; ///< why it was to go; for Skipped and Failed: why it did not
    OperationId operation; ///< the one that deletes it; empty for none
    qint64 bytes = 0; ///< as planned

    bool operator==(const CleanupItem &) const = default;
};

/// One cleanup: what was planned, and what came of it.
struct CleanupRun
{
    QString id; ///< "run-…"
    bool byTimer = false;
    Caller caller; ///< who asked for it, or the program whose timer it was
    Timestamp planMadeAt; ///< what was done to a snapshot since then counts
    Timestamp startedAt;
    std::optional<Timestamp> finishedAt; ///< nothing: something of it is not final yet
    qint64 planned = 0; ///< items
    qint64 deleted = 0; ///< also those in the trash
    qint64 skipped = 0;
    qint64 failed = 0;
    qint64 bytes = 0; ///< of what was deleted, as planned
    QList<CleanupItem> items; ///< empty in lists

    bool operator==(const CleanupRun &) const = default;
};

} // namespace sandglass
