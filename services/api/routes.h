#pragma once

#include "services/api/router.h"
#include "services/usecases/usecases.h"

namespace sandglass {

/// What /metrics answers, in Prometheus' text format. Any thread.
using MetricsText = std::function<Result<QByteArray>()>;

// Each adds the calls of one resource (design, section 7). The services outlive the router.
void addSandboxRoutes(Router &router, const UseCases &useCases);
void addSnapshotRoutes(Router &router, const UseCases &useCases);
void addOperationRoutes(Router &router, const UseCases &useCases);
void addEngineRoutes(Router &router, const UseCases &useCases);
void addRegistryRoutes(Router &router, const UseCases &useCases);
void addAdoptionRoutes(Router &router, const UseCases &useCases);
void addRebuildRoutes(Router &router, const UseCases &useCases);
void addCleanupRoutes(Router &router, const UseCases &useCases);
void addRetentionRoutes(Router &router, const UseCases &useCases);
void addScheduleRoutes(Router &router, const UseCases &useCases);
void addSettingRoutes(Router &router, const UseCases &useCases);
void addAuditRoutes(Router &router, const UseCases &useCases);
void addSystemRoutes(Router &router, const UseCases &useCases, const MetricsText &metrics);

} // namespace sandglass
