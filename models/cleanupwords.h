#pragma once

#include "models/roles.h"
#include "services/domain/cleanupplan.h"
#include "services/domain/cleanuprun.h"

#include <QString>

namespace sandglass {

// What plans and runs of the cleanup are called. Pure but for the user's language and locale.

/// "Delete", "Keep: pinned".
[[nodiscard]] QString actionText(CleanupRule rule);
[[nodiscard]] StateMark markOf(CleanupRule rule);

/// A reason of a plan or a run with its times, which are written in UTC, as the user reads times.
[[nodiscard]] QString reasonText(const QString &reason);

[[nodiscard]] QString outcomeText(CleanupOutcome outcome);
[[nodiscard]] StateMark markOf(CleanupOutcome outcome);

/// "Running", "Done", "Done, 2 failed".
[[nodiscard]] QString stateText(const CleanupRun &run);
[[nodiscard]] StateMark markOf(const CleanupRun &run);
/// "the timer", or who asked for it.
[[nodiscard]] QString whoText(const CleanupRun &run);

} // namespace sandglass
