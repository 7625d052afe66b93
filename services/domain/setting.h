#pragma once

#include "services/domain/identifiers.h"

#include <QList>

#include <map>
#include <optional>

namespace sandglass {

enum class Setting {
    LargestSnapshotCount,
    DefaultSnapshotTtl,
    ScheduledSnapshotTtl,
    SnapshotCleanupInterval,
    KeepLast,
    KeepHourly,
    KeepDaily,
    KeepWeekly,
    KeepMonthly,
    KeepInUse,
    SlidingTtl,
    CleanupMostDeletions,
    CleanupMostPercent,
    TrashTime,
    TrashLeastFreePercent,
    RegistryCheckInterval
};

/// What the number of a setting counts.
enum class SettingUnit { Snapshots, Seconds, Percent, YesNo };

/// One row of the table of settings. All settings are whole numbers.
struct SettingDefinition
{
    Setting setting = Setting::LargestSnapshotCount;
    QString name; ///< in the database and the API
    SettingUnit unit = SettingUnit::Snapshots;
    qint64 least = 0;
    qint64 most = 0;
    qint64 defaultValue =
        0; ///< may lie below `least`: then nobody can set it but by taking a value away
    QString title; ///< for people
    QString words; ///< what it does, and what 0 means
};

/// The table, in the order in which settings are shown (design, section 5).
[[nodiscard]] const QList<SettingDefinition> &settingDefinitions();
[[nodiscard]] const SettingDefinition &definitionOf(Setting setting);

/// InvalidArgument, with the bounds, for a value outside of them.
[[nodiscard]] Result<qint64> validateSetting(Setting setting, qint64 value);

/// Where an effective value comes from.
enum class SettingSource { Default, Global, Namespace };
[[nodiscard]] QString nameOf(SettingSource source);

/// A setting as it is in force for a namespace, or for all.
struct SettingValue
{
    Setting setting = Setting::LargestSnapshotCount;
    NamespaceName namespaceName; ///< empty: for all that have no value of their own
    qint64 value = 0;
    SettingSource source = SettingSource::Default;

    bool operator==(const SettingValue &) const = default;
};

/// What to set; nothing: take the value away, so that the one behind it is in force.
using SettingChanges = std::map<Setting, std::optional<qint64>>;

/// How the audit and the change feed call a setting: its name, "team/…" for a namespace.
[[nodiscard]] QString settingObject(Setting setting, const NamespaceName &namespaceName);

} // namespace sandglass
