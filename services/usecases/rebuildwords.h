#pragma once

#include "services/usecases/rebuildservice.h"

#include <QStringList>

namespace sandglass {

/// What a rebuild did, line by line: an engine, and below it indented what was added and what was
/// left alone. Pure.
[[nodiscard]] QStringList linesFor(const QList<EngineRebuild> &rebuilds);

} // namespace sandglass
