#pragma once

#include "services/domain/operation.h"

namespace sandglass {

/// Where in a step: its beginning is journalled and nothing is done yet, or its effect is there and
/// not journalled yet.
enum class FaultPlace { Before, After };

/// The runner comes by here before and after every step, and before and after an undo (step
/// "undo"). Does nothing in what is shipped; the crash tests link another definition, which stops
/// the process or breaks the engine here.
void reachFaultPoint(const Operation &operation, const QString &step, FaultPlace place);

} // namespace sandglass
