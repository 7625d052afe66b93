#include "services/domain/setting.h"

#include "services/core/names.h"
#include "services/domain/ttl.h"

#include <algorithm>
#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 secondsPerYear = 365LL * 86'400;
constexpr qint64 mostKept = 10'000;

const std::array settingSourceNames{
    std::pair{SettingSource::Default, u"default"_s},
    std::pair{SettingSource::Global, u"global"_s},
    std::pair{SettingSource::Namespace, u"namespace"_s},
};

} // namespace

const QList<SettingDefinition> &settingDefinitions()
{
    static const QList<SettingDefinition> table{
        {Setting::LargestSnapshotCount,
         u"max_snapshots_per_namespace"_s,
         SettingUnit::Snapshots,
         0,
         1'000'000,
         100,
         u"Most snapshots in a namespace"_s,
         u"How many snapshots a namespace may have, with those that are being created. When there "
         "are as many, new ones are refused; none is deleted. 0: none at all."_s},
        {Setting::DefaultSnapshotTtl,
         u"default_snapshot_ttl_secs"_s,
         SettingUnit::Seconds,
         0,
         1000 * secondsPerYear,
         defaultTtlSeconds,
         u"Time to live of a snapshot"_s,
         u"How long a snapshot lives when nobody says otherwise. Snapshots that are there already "
         "keep theirs. 0: for ever."_s},
        {Setting::ScheduledSnapshotTtl,
         u"scheduled_snapshot_ttl_secs"_s,
         SettingUnit::Seconds,
         0,
         1000 * secondsPerYear,
         defaultTtlSeconds,
         u"Time to live of a scheduled snapshot"_s,
         u"How long a snapshot that a schedule takes lives when the schedule does not say. 0: for ever."_s},
        {Setting::SnapshotCleanupInterval,
         u"snapshot_cleanup_interval_secs"_s,
         SettingUnit::Seconds,
         1,
         secondsPerYear,
         3'600,
         u"Time between cleanups"_s,
         u"How often expired snapshots are cleaned up."_s},
        {Setting::KeepLast,
         u"keep_last"_s,
         SettingUnit::Snapshots,
         1,
         mostKept,
         0,
         u"Keep the last ones"_s,
         u"Of each sandbox so many of the newest snapshots stay although they have expired. Not set: none for this reason."_s},
        {Setting::KeepHourly,
         u"keep_hourly"_s,
         SettingUnit::Snapshots,
         0,
         mostKept,
         0,
         u"Keep one for each hour"_s,
         u"Of each sandbox the newest snapshot of so many hours that have one stays although it has expired. 0: none for this reason."_s},
        {Setting::KeepDaily,
         u"keep_daily"_s,
         SettingUnit::Snapshots,
         0,
         mostKept,
         0,
         u"Keep one for each day"_s,
         u"Of each sandbox the newest snapshot of so many days that have one stays although it has expired. 0: none for this reason."_s},
        {Setting::KeepWeekly,
         u"keep_weekly"_s,
         SettingUnit::Snapshots,
         0,
         mostKept,
         0,
         u"Keep one for each week"_s,
         u"Of each sandbox the newest snapshot of so many weeks that have one stays although it has expired. 0: none for this reason."_s},
        {Setting::KeepMonthly,
         u"keep_monthly"_s,
         SettingUnit::Snapshots,
         0,
         mostKept,
         0,
         u"Keep one for each month"_s,
         u"Of each sandbox the newest snapshot of so many months that have one stays although it has expired. 0: none for this reason."_s},
        {Setting::KeepInUse,
         u"keep_in_use"_s,
         SettingUnit::YesNo,
         0,
         1,
         0,
         u"Keep what is in use"_s,
         u"An expired snapshot stays while a sandbox that was restored from it runs. Otherwise it is deleted as soon as that is terminated."_s},
        {Setting::SlidingTtl,
         u"sliding_ttl"_s,
         SettingUnit::YesNo,
         0,
         1,
         0,
         u"Count the time to live from the last use"_s,
         u"A restore lets the time to live of a snapshot begin again."_s},
        {Setting::CleanupMostDeletions,
         u"cleanup_most_deletions"_s,
         SettingUnit::Snapshots,
         1,
         1'000'000,
         50,
         u"Most deletions without asking"_s,
         u"A cleanup that would delete more stops and asks first."_s},
        {Setting::CleanupMostPercent,
         u"cleanup_most_percent"_s,
         SettingUnit::Percent,
         1,
         100,
         20,
         u"Largest part without asking"_s,
         u"A cleanup of ten snapshots or more that would delete a larger part of the active ones stops and asks first."_s},
        {Setting::TrashTime,
         u"trash_secs"_s,
         SettingUnit::Seconds,
         0,
         secondsPerYear,
         0,
         u"Time in the trash"_s,
         u"How long what the cleanup or the API deletes can be taken back. 0: it is deleted at once."_s},
        {Setting::TrashLeastFreePercent,
         u"trash_least_free_percent"_s,
         SettingUnit::Percent,
         0,
         99,
         0,
         u"Free space below which the trash goes early"_s,
         u"While less of an engine's disk is free, what is in the trash there goes before its "
         u"time, what would go next first. "
         "It can be known of engines on this machine only. 0: nothing goes early."_s},
        {Setting::RegistryCheckInterval,
         u"registry_check_interval_secs"_s,
         SettingUnit::Seconds,
         10,
         secondsPerYear,
         21'600,
         u"Time between checks of registries"_s,
         u"How often registries are asked, snapshot by snapshot, whether they still have it."_s},
    };
    return table;
}

const SettingDefinition &definitionOf(Setting setting)
{
    const QList<SettingDefinition> &table = settingDefinitions();
    return *std::find_if(table.begin(), table.end(), [setting](const SettingDefinition &row) {
        return row.setting == setting;
    });
}

Result<qint64> validateSetting(Setting setting, qint64 value)
{
    const SettingDefinition &definition = definitionOf(setting);
    if (value < definition.least || value > definition.most) {
        return failure(
            ErrorKind::InvalidArgument,
            u"%1 must be between %2 and %3"_s.arg(definition.name)
                .arg(definition.least)
                .arg(definition.most));
    }
    return value;
}

QString nameOf(SettingSource source)
{
    return nameIn(settingSourceNames, source);
}

QString settingObject(Setting setting, const NamespaceName &namespaceName)
{
    const QString name = definitionOf(setting).name;
    return namespaceName.isEmpty() ? name : namespaceName.text() + u'/' + name;
}

} // namespace sandglass
