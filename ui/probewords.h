#pragma once

#include "services/core/result.h"
#include "services/registry/registryprobe.h"
#include "ui/factlist.h"

namespace sandglass {

/// What the window says about registries before and after it works with them. Translated; pure.

/// What plain HTTP to another machine means.
[[nodiscard]] QString exposedRegistryText();

/// Each step of a test with its mark, what it found out, and what to do where it failed.
[[nodiscard]] QList<FactLine> factsOf(const Result<RegistryProbe> &probe);

/// The same in one line, such as "Snapshots can be kept there."
[[nodiscard]] QString summaryOf(const Result<RegistryProbe> &probe);

} // namespace sandglass
