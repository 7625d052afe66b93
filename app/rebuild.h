#pragma once

#include "services/usecases/usecases.h"

namespace sandglass {

/// Rebuilds on a worker thread while the event loop runs, prints the lines on standard output, and
/// returns the exit code: 0, or 1 when an engine could not be asked. Cancelled when the event loop
/// was ended before.
[[nodiscard]] Result<int> runRebuild(const UseCases &useCases, const Caller &caller);

} // namespace sandglass
