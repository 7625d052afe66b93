#pragma once

#include "services/domain/sandbox.h"
#include "services/domain/setting.h"

namespace sandglass {

/// When snapshots are taken by themselves, and of which sandboxes.
struct SnapshotSchedule
{
    ScheduleId id;
    NamespaceName namespaceName;
    ScheduleName name; ///< no other schedule of the namespace has it
    SandboxId sandbox; ///< the one that it is for; empty: those that `selector` selects
    QString selector; ///< see LabelSelector; empty when there is a sandbox
    QString cron; ///< see CronTimes
    QString timeZone; ///< whose wall clock the cron times are of, "Europe/Berlin"
    std::optional<qint64> ttlSeconds; ///< nothing: the setting at that time; 0 = never expires
    /// The tag of its snapshots: {date} is "2024-03-31", {time} "0230", both as on the wall clock
    /// when they were due, {sandbox} the sandbox's name. Empty: they have none.
    QString tagPattern;
    bool paused = false;
    std::optional<Timestamp> nextRunAt; ///< nothing: paused
    std::optional<Timestamp> lastRunAt; ///< when it last began to run; nothing: never
    /// The due time whose snapshots are being asked for; nothing: all of them were.
    std::optional<Timestamp> takingAt;
    QString error; ///< what went wrong when it last ran, for people; else empty
    qint64 changeSeq = 0;

    bool operator==(const SnapshotSchedule &) const = default;

    /// Whether both say the same of what is taken when; not what became of it.
    [[nodiscard]] bool isSameAs(const SnapshotSchedule &other) const;
};

/// InvalidArgument, with what is wrong: a name like an id, both or none of sandbox and selector,
/// the selector, the cron times, the time zone, the TTL, a tag pattern that makes no tag.
[[nodiscard]] Done validateSchedule(const SnapshotSchedule &schedule, Timestamp now);

/// The zone of this machine, as schedules name it; "UTC" when it has none.
[[nodiscard]] QString localTimeZone();

/// When it is due next, if nothing is due now: nothing when it is paused. After a clock that
/// stepped back not before it last ran. InvalidArgument as validateSchedule().
[[nodiscard]] Result<std::optional<Timestamp>>
nextRun(const SnapshotSchedule &schedule, Timestamp now);

/// What a schedule is to do now.
struct ScheduledRun
{
    Timestamp at; ///< the time that is due; older ones that were missed are left out
    std::optional<Timestamp> nextRunAt; ///< of the schedule from now on

    bool operator==(const ScheduledRun &) const = default;
};

/// A run that began and did not end, because its program did, is begun again after this time.
inline constexpr std::chrono::minutes unfinishedRunAfter{10};

/// Nothing when nothing is due. Of all times that were missed exactly one is, the newest; a clock
/// that steps back makes none due again. InvalidArgument as validateSchedule().
[[nodiscard]] Result<std::optional<ScheduledRun>>
dueRun(const SnapshotSchedule &schedule, Timestamp now);

/// Whether it takes snapshots of the sandbox, as long as that can be snapshotted.
[[nodiscard]] bool selects(const SnapshotSchedule &schedule, const Sandbox &sandbox);

/// The tag of a snapshot that is due at this time; empty for none.
[[nodiscard]] QString
tagOf(const SnapshotSchedule &schedule, const Sandbox &sandbox, Timestamp dueAt);

/// By which the same snapshot is never made twice, whoever asks for it how often.
[[nodiscard]] QString
idempotencyKeyOf(const SnapshotSchedule &schedule, const SandboxId &sandbox, Timestamp dueAt);

/// The setting that gives the TTL of a snapshot when nobody says one. `schedule` is empty for those
/// that somebody asked for.
[[nodiscard]] Setting defaultTtlSetting(const ScheduleId &schedule);

} // namespace sandglass
