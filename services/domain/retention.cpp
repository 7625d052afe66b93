#include "services/domain/retention.h"

#include <algorithm>
#include <array>

namespace sandglass {

namespace {

constexpr std::array retentionSettings{
    Setting::KeepLast,
    Setting::KeepHourly,
    Setting::KeepDaily,
    Setting::KeepWeekly,
    Setting::KeepMonthly,
    Setting::KeepInUse,
    Setting::SlidingTtl,
};

} // namespace

bool RetentionRules::ranks() const
{
    return keepLast > 0 || keepHourly > 0 || keepDaily > 0 || keepWeekly > 0 || keepMonthly > 0;
}

bool isRetentionRule(Setting setting)
{
    return std::find(retentionSettings.begin(), retentionSettings.end(), setting)
        != retentionSettings.end();
}

Result<RetentionRules> retentionRules(const std::function<Result<qint64>(Setting)> &valueOf)
{
    RetentionRules rules;
    SANDGLASS_TRY(rules.keepLast, valueOf(Setting::KeepLast));
    SANDGLASS_TRY(rules.keepHourly, valueOf(Setting::KeepHourly));
    SANDGLASS_TRY(rules.keepDaily, valueOf(Setting::KeepDaily));
    SANDGLASS_TRY(rules.keepWeekly, valueOf(Setting::KeepWeekly));
    SANDGLASS_TRY(rules.keepMonthly, valueOf(Setting::KeepMonthly));
    SANDGLASS_TRY(const qint64 keepInUse, valueOf(Setting::KeepInUse));
    SANDGLASS_TRY(const qint64 slidingTtl, valueOf(Setting::SlidingTtl));
    rules.keepInUse = keepInUse != 0;
    rules.slidingTtl = slidingTtl != 0;
    return rules;
}

} // namespace sandglass
