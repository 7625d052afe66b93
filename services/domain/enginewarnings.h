#pragma once

#include "services/domain/engine.h"

#include <QStringList>

namespace sandglass {

/// What an operator must know of the way to an engine, in translated sentences; mostly nothing.
/// Pure.
[[nodiscard]] QStringList warningsFor(const EngineAddress &address);
[[nodiscard]] QStringList warningsFor(const Engine &engine);

} // namespace sandglass
