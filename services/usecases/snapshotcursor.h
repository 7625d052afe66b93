#pragma once

#include "services/domain/snapshot.h"

#include <utility>

namespace sandglass {

/// Where a page of snapshots ended, as an opaque text for the caller of the next one.
[[nodiscard]] QString cursorAfter(const Snapshot &snapshot);

/// InvalidArgument for text that cursorAfter did not make.
[[nodiscard]] Result<std::pair<Timestamp, SnapshotId>> parseCursor(const QString &cursor);

} // namespace sandglass
