#pragma once

#include "services/core/result.h"

namespace sandglass {

/// Checks the audit of the store in this folder, prints on standard output what is wrong with it, a
/// line each, and where it ends, and returns the exit code: 0, or 1 when it is not whole.
[[nodiscard]] Result<int> runVerifyAudit(const QString &dataDirectory);

} // namespace sandglass
