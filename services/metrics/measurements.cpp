#include "services/metrics/measurements.h"

#include <algorithm>

namespace sandglass {

namespace {

constexpr int recentRuns = 20; // of which at least one has finished, or there is none yet

} // namespace

Result<Measurements> measure(const UseCases &useCases)
{
    Measurements measurements;
    SANDGLASS_TRY(measurements.snapshots, useCases.cleanup.statistics());
    SANDGLASS_TRY(measurements.cleanup, useCases.cleanup.status());
    SANDGLASS_TRY(const QList<CleanupRun> runs, useCases.cleanup.history(recentRuns));
    const auto finished = std::find_if(
        runs.begin(), runs.end(), [](const CleanupRun &run) { return run.finishedAt.has_value(); });
    if (finished != runs.end())
        measurements.lastCleanup = *finished;
    SANDGLASS_TRY(measurements.engines, useCases.engines.list());
    SANDGLASS_TRY(const QList<Operation> operations, useCases.operations.list(0));
    for (const Operation &operation : operations)
        ++measurements.unfinished[{operation.kind, operation.state}];
    return measurements;
}

} // namespace sandglass
