#pragma once

#include "services/usecases/adoptionservice.h"
#include "services/usecases/auditservice.h"
#include "services/usecases/cleanupservice.h"
#include "services/usecases/engineservice.h"
#include "services/usecases/operationservice.h"
#include "services/usecases/orphanservice.h"
#include "services/usecases/rebuildservice.h"
#include "services/usecases/registryservice.h"
#include "services/usecases/retentionservice.h"
#include "services/usecases/sandboxservice.h"
#include "services/usecases/scheduleservice.h"
#include "services/usecases/settingsservice.h"
#include "services/usecases/snapshotservice.h"
#include "services/usecases/storeservice.h"

namespace sandglass {

/// The use cases, as the window and the API get them from the composition root; all outlive both.
struct UseCases
{
    SandboxService &sandboxes;
    SnapshotService &snapshots;
    EngineService &engines;
    OperationService &operations;
    AdoptionService &adoptions;
    RebuildService &rebuild;
    RegistryService &registries;
    CleanupService &cleanup;
    RetentionService &retention;
    ScheduleService &schedules;
    OrphanService &orphans;
    AuditService &audit;
    SettingsService &settings;
    StoreService &store;
    const Clock &clock;
};

} // namespace sandglass
