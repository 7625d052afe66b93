#pragma once

#include "services/storage/cleanuprepository.h"

namespace sandglass {

/// What a cleanup would do now. Reads only.
[[nodiscard]] Result<CleanupPlan> makeCleanupPlan(
    Session &session, const std::optional<NamespaceName> &namespaceName, CleanupScope scope);

} // namespace sandglass
