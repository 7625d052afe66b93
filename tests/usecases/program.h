#pragma once

#include "services/operations/engineconnections.h"
#include "services/operations/operationrunner.h"
#include "services/operations/registryaccess.h"
#include "services/secrets/registrycredentials.h"
#include "services/storage/database.h"
#include "services/usecases/usecases.h"
#include "tests/support/memorysecretstore.h"

namespace sandglass {

/// A program's services over a store that others use, too.
struct Program
{
    Program(const QString &file, const Clock &clock)
        : database(std::move(*Database::open(file, clock)))
        , connections(*database)
        , credentials(secrets, {}, {})
        , registryAccess(*database, credentials, clock)
        , runner(*database, connections, registryAccess, clock) // never started
        , snapshots(*database, runner, connections, clock)
        , settings(*database)
        , cleanup(*database, runner, clock)
        , retention(*database, clock)
        , schedules(*database, snapshots, cleanup)
    { }

    std::unique_ptr<Database> database;
    EngineConnections connections;
    MemorySecretStore secrets;
    RegistryCredentials credentials;
    RegistryAccess registryAccess;
    OperationRunner runner;
    SnapshotService snapshots;
    SettingsService settings;
    CleanupService cleanup;
    RetentionService retention;
    ScheduleService schedules;
};

} // namespace sandglass
