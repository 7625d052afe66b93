#pragma once

#include "services/domain/identifiers.h"
#include "services/storage/session.h"

namespace sandglass {

/// LimitReached when the namespace has no place for one more snapshot; in the transaction that
/// takes the place (design, section 4, rule 8).
[[nodiscard]] Done checkSnapshotLimit(Session &session, const NamespaceName &namespaceName);

} // namespace sandglass
