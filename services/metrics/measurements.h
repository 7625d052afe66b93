#pragma once

#include "services/usecases/usecases.h"

namespace sandglass {

/// What there is to count, at one moment. The numbers of snapshots are those of the cleanup page
/// and of the API.
struct Measurements
{
    SnapshotStatistics snapshots;
    CleanupStatus cleanup;
    std::optional<CleanupRun> lastCleanup; ///< the newest that has finished; nothing: none yet
    QList<Engine> engines;
    std::map<std::pair<OperationKind, OperationState>, int> unfinished; ///< operations
};

/// Asks the database; any worker thread. Storage… when it cannot be read.
[[nodiscard]] Result<Measurements> measure(const UseCases &useCases);

} // namespace sandglass
