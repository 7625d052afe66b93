#pragma once

#include "services/operations/engineconnections.h"
#include "services/operations/operationrunner.h"
#include "services/operations/registryaccess.h"
#include "services/secrets/registrycredentials.h"
#include "services/storage/changefeed.h"
#include "services/storage/database.h"
#include "services/storage/session.h"
#include "services/usecases/usecases.h"
#include "tests/support/fakeclock.h"
#include "tests/support/memorysecretstore.h"
#include "ui/mainwindow.h"

#include <QSettings>
#include <QTemporaryDir>
#include <QThreadPool>

namespace sandglass {

/// A console over a store of its own. Nothing drives its operations and nobody watches its engines:
/// what a test writes into the store is what the window shows. No engine is needed.
class ConsoleRig
{
public:
    ConsoleRig();

    [[nodiscard]] FakeClock &clock() { return m_clock; }
    [[nodiscard]] UseCases useCases();
    [[nodiscard]] QSettings &settings() { return m_settings; }
    [[nodiscard]] MemorySecretStore &secrets() { return m_secrets; }

    /// Runs in one transaction, so that it reaches the window as one batch; fails the test program
    /// on an error.
    void write(const std::function<Done(Session &)> &work);

    /// Two engines, sandboxes in every state, snapshots, operations.
    void fillWithADayAtWork();

    /// Registries in every state, and places of the first snapshots there, on top of the day at
    /// work.
    void fillWithRegistries();

    /// A cleanup that was, a pinned snapshot and one in the trash, on top of the registries.
    void fillWithCleanups();

    /// A new window, not shown yet, that has begun to load.
    [[nodiscard]] std::unique_ptr<MainWindow> makeWindow();
    /// A new window, shown and loaded.
    [[nodiscard]] std::unique_ptr<MainWindow> openWindow();

private:
    QTemporaryDir m_folder;
    FakeClock m_clock;
    std::unique_ptr<Database> m_database;
    EngineConnections m_connections;
    MemorySecretStore m_secrets;
    RegistryCredentials m_credentials;
    RegistryAccess m_registryAccess;
    OperationRunner m_runner; // never started
    SandboxService m_sandboxes;
    SnapshotService m_snapshots;
    EngineService m_engines;
    OperationService m_operations;
    AdoptionService m_adoptions;
    RebuildService m_rebuild;
    RegistryService m_registries;
    CleanupService m_cleanup;
    RetentionService m_retention;
    ScheduleService m_schedules;
    OrphanService m_orphans;
    AuditService m_audit;
    SettingsService m_settingsService;
    StoreService m_store;
    ChangeFeed m_feed;
    QThreadPool m_pool;
    QSettings m_settings;
};

} // namespace sandglass
