#pragma once

#include "services/core/error.h"

namespace sandglass {

/// The one place that turns errors into HTTP statuses (design, section 10). What goes wrong between
/// us and an engine is a 5xx of a gateway, so that a caller can tell it from a fault of its own
/// request.
[[nodiscard]] int httpStatusOf(ErrorKind kind);

} // namespace sandglass
