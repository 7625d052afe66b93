#pragma once

#include "models/roles.h"
#include "services/domain/restoreplan.h"

#include <QString>

namespace sandglass {

/// What a plan will do, in a sentence or two. Translated; pure.
[[nodiscard]] QString planText(const RestorePlan &plan, const Snapshot &snapshot);
[[nodiscard]] QString noticeText(const RestoreNotice &notice);
/// A warning where something is lost, a note where it is only different.
[[nodiscard]] StateMark markOf(const RestoreNotice &notice);
[[nodiscard]] QString checkText(const PreflightCheck &check);

/// Why the plan cannot run; empty when it can.
[[nodiscard]] QString hindranceOf(const RestorePlan &plan);

} // namespace sandglass
