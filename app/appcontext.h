#pragma once

#include "app/startoptions.h"
#include "services/operations/engineconnections.h"
#include "services/operations/operationrunner.h"
#include "services/operations/registryaccess.h"
#include "services/secrets/keychainsecretstore.h"
#include "services/secrets/registrycredentials.h"
#include "services/storage/changefeed.h"
#include "services/storage/database.h"
#include "services/usecases/earlytrashremoval.h"
#include "services/usecases/enginemonitor.h"
#include "services/usecases/registrymonitor.h"
#include "services/usecases/retentionmonitor.h"
#include "services/usecases/usecases.h"

#include <memory>

namespace sandglass {

/// The composition root: builds the services once, in order, and owns them. Made and destroyed on
/// the main thread.
class AppContext
{
public:
    /// Opens the store and makes sure that the engines of the options are known. Any thread: it may
    /// wait for seconds. Errors are for people: the store cannot be used, an engine address is
    /// wrong.
    [[nodiscard]] static Result<std::unique_ptr<Database>>
    openStore(const StartOptions &options, const Clock &clock);

    /// Begins the work on a store.
    [[nodiscard]] static std::unique_ptr<AppContext>
    begin(std::unique_ptr<Database> store, const Clock &clock);

    /// Both, for programs that have nothing else to do meanwhile.
    [[nodiscard]] static Result<std::unique_ptr<AppContext>>
    create(const StartOptions &options, const Clock &clock);
    /// The store in this folder alone; nothing else is begun.
    [[nodiscard]] static Result<std::unique_ptr<Database>>
    openDatabase(const QString &dataDirectory, const Clock &clock);
    ~AppContext(); ///< interrupts what runs and waits for it

    [[nodiscard]] UseCases useCases();
    [[nodiscard]] ChangeFeed &changeFeed() { return m_feed; }
    [[nodiscard]] Database &database() { return *m_database; }

private:
    AppContext(std::unique_ptr<Database> database, const Clock &clock);

    const Clock &m_clock;
    std::unique_ptr<Database> m_database;
    EngineConnections m_connections;
    KeychainSecretStore m_keychain;
    RegistryCredentials m_credentials;
    RegistryAccess m_registryAccess;
    OperationRunner m_runner;
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
    SettingsService m_settings;
    StoreService m_store;
    ChangeFeed m_feed;
    EngineMonitor m_monitor;
    RegistryMonitor m_registryMonitor;
    EarlyTrashRemoval m_earlyTrash;
    RetentionMonitor m_retentionMonitor;
};

/// The login name of who runs this process, for the audit.
[[nodiscard]] QString loginName();

} // namespace sandglass
