#pragma once

#include "services/operations/operationdefinition.h"

namespace sandglass {

// Steps that bring the image of a snapshot to the operation's engine when it is not there: from the
// nearest registry that has it, by digest (fact P9). Pull and restore share them.

/// NotFound when no registry has it.
[[nodiscard]] Done pullImage(StepContext &context);

/// Gives what was pulled its local name, drops the name that it came under, and writes the place
/// down.
[[nodiscard]] Done nameFetchedImage(StepContext &context);

/// Marks the place as failed when the image did not get there.
[[nodiscard]] Done
markFetchFailed(Session &session, const Operation &operation, const QString &reason);

/// Takes away what was pulled, unless the place is written down as having it.
[[nodiscard]] Done dropFetchedImage(StepContext &context);

} // namespace sandglass
