#pragma once

#include "services/core/clock.h"
#include "services/domain/location.h"
#include "services/domain/retention.h"
#include "services/domain/snapshotpin.h"

#include <QHash>
#include <QList>
#include <QSet>
#include <QTimeZone>

#include <optional>

namespace sandglass {

/// What cleanup looks at of an active snapshot.
struct CleanupCandidate
{
    SnapshotId snapshot;
    SandboxId sandbox;
    NamespaceName namespaceName;
    Timestamp createdAt;
    std::optional<Timestamp> usedAt; ///< when it was last restored
    qint64 ttlSeconds = 0; ///< 0 = never expires
    std::optional<SnapshotPin> pin;
    SnapshotId parent; ///< the snapshot whose layers are below its own; empty for none
    std::optional<qint64> ownBytes; ///< of its own layer; nothing: not known
    int engines = 1; ///< how many of them have the image
    int registries = 0; ///< what these free is for their own garbage collection
    bool inUse = false; ///< a sandbox that was restored from it runs

    bool operator==(const CleanupCandidate &) const = default;
};

/// What is there to decide about. Snapshots that are not active are not in it.
struct CleanupState
{
    QList<CleanupCandidate> candidates;
    /// The rules of each namespace that occurs in `candidates`.
    QHash<NamespaceName, RetentionRules> rules;
    /// Snapshots below which layers are used by what is no candidate: by sandboxes that run from
    /// them, or by snapshots that are being created or deleted, or that are not looked at.
    QSet<SnapshotId> alsoUsed;
};

/// What decided. In the order in which they are asked: the first one that holds is named.
enum class CleanupRule {
    NoTtl, ///< it never expires
    NotExpired,
    Pinned,
    InUse,
    KeepLast,
    KeepHourly,
    KeepDaily,
    KeepWeekly,
    KeepMonthly,
    Expired, ///< the only one that deletes
};

[[nodiscard]] QString nameOf(CleanupRule rule); ///< as in database and API: "keep_last"
[[nodiscard]] bool deletes(CleanupRule rule);

struct CleanupEntry
{
    SnapshotId snapshot;
    SandboxId sandbox;
    NamespaceName namespaceName;
    CleanupRule rule = CleanupRule::NotExpired;
    std::optional<Timestamp> expiresAt; ///< by the rules; nothing: never
    QString reason; ///< in words: which rule, which dates (UTC)
    /// What engines get back if the whole plan is done: its own layer, wherever nothing that stays
    /// is built on it. 0 for what is kept; nothing: its size is not known.
    std::optional<qint64> bytes;

    bool operator==(const CleanupEntry &) const = default;
    [[nodiscard]] bool deletes() const { return sandglass::deletes(rule); }
};

/// What a cleanup would do, and why. A value: what is executed is exactly what was shown.
struct CleanupPlan
{
    QString id; ///< "plan-…"
    std::optional<NamespaceName> namespaceName; ///< nothing: of all namespaces
    Timestamp madeAt;
    QList<CleanupEntry> entries; ///< those that go first, then by age, oldest first
    qint64 deletions = 0; ///< so many entries, from the first
    qint64 bytes = 0; ///< the sum of what is known
    /// Why somebody has to be asked first, in words; empty: nobody.
    QString question;

    bool operator==(const CleanupPlan &) const = default;
};

/// More than this at once is asked about first.
struct CleanupBounds
{
    qint64 most = 50; ///< deletions
    qint64 percent = 20; ///< of the active ones; from `percentFrom` deletions on
    static constexpr qint64 percentFrom = 10;
};

/// When a snapshot expires by the rules; nothing: never.
[[nodiscard]] std::optional<Timestamp>
expiryOf(const CleanupCandidate &candidate, const RetentionRules &rules);

/// Decides on every candidate. Pure; the same state and time always give the same entries, whatever
/// the order of the candidates. Nothing that has not expired, and nothing pinned, is ever deleted;
/// a rule that keeps wins over one that deletes. A clock that stepped back deletes nothing.
[[nodiscard]] QList<CleanupEntry>
planCleanup(const CleanupState &state, Timestamp now, const QTimeZone &zone);

/// Why somebody has to be asked before so many of so many active snapshots are deleted; empty: it
/// is done unasked. Of the active ones no more than deletions * 100 / percent + 1 need be counted.
[[nodiscard]] QString questionBefore(qint64 deletions, qint64 active, const CleanupBounds &bounds);

} // namespace sandglass
