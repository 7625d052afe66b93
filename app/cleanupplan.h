#pragma once

#include "services/core/result.h"

namespace sandglass {

/// Prints what a cleanup of the store in this folder would do now, a line for each snapshot, and
/// changes nothing. The exit code.
[[nodiscard]] Result<int> runCleanupPlan(const QString &dataDirectory);

} // namespace sandglass
