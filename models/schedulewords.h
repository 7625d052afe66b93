#pragma once

#include "models/roles.h"
#include "services/domain/snapshotschedule.h"

namespace sandglass {

/// Schedules in words for people. Translated; pure.

/// "On", "Paused", or that the last run did not work.
[[nodiscard]] QString stateText(const SnapshotSchedule &schedule);
[[nodiscard]] StateMark markOf(const SnapshotSchedule &schedule);

/// Which sandboxes it is for; `sandboxName` is how its one is called, empty when it has a selector.
[[nodiscard]] QString targetText(const SnapshotSchedule &schedule, const QString &sandboxName);

/// "30 2 * * * (Europe/Berlin)".
[[nodiscard]] QString timesText(const SnapshotSchedule &schedule);

} // namespace sandglass
