#pragma once

#include "services/domain/labels.h"

namespace sandglass {

/// Who made a container, as far as its name and labels tell.
enum class ContainerMaker { Sandglass, Indexify, Other };

[[nodiscard]] QString nameOf(ContainerMaker maker); ///< as in the API: "indexify"

/// Pure. Sandglass: it has the name that its label gives it; a label alone may be inherited from an
/// image that somebody made of a sandbox. Indexify: "indexify-sandbox-…" with managed=true.
[[nodiscard]] ContainerMaker makerOf(const QString &name, const Labels &labels);

} // namespace sandglass
