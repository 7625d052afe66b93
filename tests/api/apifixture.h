#pragma once

#include "services/api/apiserver.h"
#include "services/operations/engineconnections.h"
#include "services/operations/operationrunner.h"
#include "services/operations/registryaccess.h"
#include "services/secrets/registrycredentials.h"
#include "services/storage/database.h"
#include "tests/api/contract.h"
#include "tests/support/fakeclock.h"
#include "tests/support/memorysecretstore.h"

#include <QTemporaryDir>

#include <memory>

namespace sandglass {

/// The API over the program's services and a database of their own. The runner is never started, so
/// what is journalled stays as it was asked for; no engine is needed.
class ApiFixture
{
protected:
    struct Answer
    {
        int status = 0; ///< 0: none came
        QJsonObject json;
        QString code; ///< of an error
        QByteArray body;
    };

    /// Where Docker's client would keep its config.json; there is no such folder until a test makes
    /// it.
    [[nodiscard]] QString dockerFolder() const
    {
        return m_folder->filePath(QStringLiteral("docker"));
    }

    /// With the engine "local", whose address nobody answers. Fails the test when something does
    /// not start.
    void open();
    void close();

    /// Asks with the token, and notes what the contract does not say of the answer.
    [[nodiscard]] Answer
    ask(const QByteArray &method,
        const QByteArray &target,
        const QByteArray &body = {},
        const QByteArrayList &headers = {});

    /// As the service gives them to its router.
    [[nodiscard]] MetricsText metrics();
    [[nodiscard]] Router allRoutes();

    void store(const std::function<Done(Session &)> &work);
    [[nodiscard]] SandboxId addSandbox(
        SandboxStatus status = SandboxStatus::Running,
        SandboxOrigin origin = SandboxOrigin::Created);
    [[nodiscard]] SandboxId addAdoptedSandbox()
    {
        return addSandbox(SandboxStatus::Running, SandboxOrigin::Adopted);
    }
    [[nodiscard]] SnapshotId addSnapshot(
        const SandboxId &sandbox,
        SnapshotStatus status = SnapshotStatus::Active,
        qint64 ttlSeconds = 0,
        const QString &note = {});
    [[nodiscard]] int operationCount();

    [[nodiscard]] static QByteArray pathOf(const SandboxId &id);
    [[nodiscard]] static QByteArray pathOf(const SnapshotId &id);

    struct Services
    {
        Services(std::unique_ptr<Database> opened, const Clock &time, const QString &dockerFolder);
        [[nodiscard]] UseCases useCases();

        const Clock &clock;
        std::unique_ptr<Database> database;
        EngineConnections connections;
        MemorySecretStore secrets;
        RegistryCredentials credentials;
        RegistryAccess registryAccess;
        OperationRunner runner;
        SandboxService sandboxes;
        SnapshotService snapshots;
        EngineService engines;
        OperationService operations;
        AdoptionService adoptions;
        RebuildService rebuild;
        RegistryService registries;
        CleanupService cleanup;
        RetentionService retention;
        ScheduleService schedules;
        OrphanService orphans;
        AuditService audit;
        SettingsService settings;
        StoreService store;
    };

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<Services> m_services;
    std::unique_ptr<ApiServer> m_server;
    quint16 m_port = 0;
    std::unique_ptr<Contract> m_contract;
    QStringList m_contractProblems; ///< of all answers since open()
    const QByteArray token = "0123456789abcdef0123456789abcdef";
};

} // namespace sandglass
