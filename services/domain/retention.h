#pragma once

#include "services/domain/identifiers.h"
#include "services/domain/setting.h"

#include <functional>

namespace sandglass {

/// What keeps snapshots of a namespace although their TTL is over. 0 and false: the rule is off.
/// Calendar periods are those of the operator's time zone; of each the newest snapshot is kept.
struct RetentionRules
{
    qint64 keepLast = 0; ///< the newest so many active ones of each sandbox
    qint64 keepHourly = 0; ///< one for each of the last so many hours that have one; per sandbox
    qint64 keepDaily = 0;
    qint64 keepWeekly = 0; ///< ISO 8601 weeks, from Monday
    qint64 keepMonthly = 0;
    bool keepInUse = false; ///< while a sandbox that was restored from it runs
    bool slidingTtl = false; ///< the TTL counts from the last use, not from the creation

    bool operator==(const RetentionRules &) const = default;

    /// Whether a snapshot's fate depends on the other snapshots of its sandbox.
    [[nodiscard]] bool ranks() const;
};

/// Whether the setting is one of these rules.
[[nodiscard]] bool isRetentionRule(Setting setting);

/// The rules as settings give them: `valueOf` answers with the value in force for a namespace.
[[nodiscard]] Result<RetentionRules>
retentionRules(const std::function<Result<qint64>(Setting)> &valueOf);

} // namespace sandglass
