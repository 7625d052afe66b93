#include "services/operations/faultpoint.h"

namespace sandglass {

void reachFaultPoint(const Operation &, const QString &, FaultPlace) { }

} // namespace sandglass
