#pragma once

#include "services/operations/operationdefinition.h"

namespace sandglass {

/// Takes the manifests of the operation's snapshot away from every registry that has it, and
/// forgets each place that is confirmed to be without it. A place that keeps it for good (it
/// deletes nothing, or the manifest has a tag of somebody else, fact R2) becomes Failed with the
/// reason; that is not an error here. Errors: whatever may end by itself.
[[nodiscard]] Done removeFromRegistries(StepContext &context);

} // namespace sandglass
