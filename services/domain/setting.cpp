#include "services/domain/setting.h"

#include "services/core/names.h"
#include "services/domain/ttl.h"

#include <algorithm>
#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 secondsPerYear = 365LL * 86'400;

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
        {Setting::SnapshotCleanupInterval,
         u"snapshot_cleanup_interval_secs"_s,
         SettingUnit::Seconds,
         10,
         secondsPerYear,
         3'600,
         u"Time between cleanups"_s,
         u"How often expired snapshots are cleaned up."_s},
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
