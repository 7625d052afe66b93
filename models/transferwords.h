#pragma once

#include "services/domain/transferprogress.h"

#include <QString>

#include <optional>

namespace sandglass {

/// How far a transfer is, in words for people. Translated; pure but for the user's locale.

/// "45 %, 120.0 MiB of 260.0 MiB, 12.0 MiB/s, 12 seconds left", as far as it is known; empty before
/// there is a layer.
[[nodiscard]] QString progressText(const TransferProgress &progress);

/// "3d27a03c3cc7: transferring, 12.0 MiB of 60.0 MiB", one layer a line.
[[nodiscard]] QString layersText(const TransferProgress &progress);

/// How much of it is done, in thousandths; nothing when not known.
[[nodiscard]] std::optional<int> portionOf(const TransferProgress &progress);

} // namespace sandglass
