#pragma once

#include "services/metrics/measurements.h"

#include <QByteArray>

namespace sandglass {

/// As Prometheus reads it: the text format 0.0.4, each name with its help and type once, bytes and
/// seconds as units. What is not known is left out. Pure.
[[nodiscard]] QByteArray exposition(const Measurements &measurements);

/// The exposition of what there is now; as measure().
[[nodiscard]] Result<QByteArray> metricsText(const UseCases &useCases);

} // namespace sandglass
