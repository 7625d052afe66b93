#pragma once

#include "models/roles.h"
#include "services/domain/secretscan.h"
#include "services/domain/snapshotplan.h"

#include <QString>

namespace sandglass {

/// What came out of a check; empty when there is nothing to say. Translated; pure.
[[nodiscard]] QString checkText(const SnapshotCheck &check, const SnapshotPlan &plan);
[[nodiscard]] StateMark markOf(SnapshotCheck::Outcome outcome);

/// "API_TOKEN in the environment: its name says that it is secret".
[[nodiscard]] QString findingText(const SecretFinding &finding);
[[nodiscard]] StateMark markOf(const SecretFinding &finding);

/// Why the snapshot cannot be taken; empty when it can.
[[nodiscard]] QString hindranceOf(const SnapshotPlan &plan);

} // namespace sandglass
