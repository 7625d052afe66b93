#pragma once

#include "app/appcontext.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

/// All services over a store of their own and the test rig's engine A, with a clock of the test's.
/// What was made on the engine is removed when it ends.
class ServiceRig
{
public:
    /// Opened. The services reach the engine at this address; empty: as the test does.
    explicit ServiceRig(const QString &engineAddress = {});
    ~ServiceRig();

    void open(); ///< and waits until the engine is connected
    void close() { m_context.reset(); }
    void removeDatabase(); ///< closes; the next open() begins with an empty one

    [[nodiscard]] FakeClock &clock() { return m_clock; }
    [[nodiscard]] UseCases useCases() { return m_context->useCases(); }
    [[nodiscard]] Database &database() { return m_context->database(); }
    [[nodiscard]] DockerClient &engine() { return *m_engine; }
    [[nodiscard]] static Caller caller() { return {u"tester"_s, u"test"_s, {}}; }
    [[nodiscard]] static NamespaceName space() { return NamespaceName::trusted(u"default"_s); }
    [[nodiscard]] static EngineName engineName() { return EngineName::trusted(u"local"_s); }

    [[nodiscard]] static CreateSandboxRequest sandboxRequest();
    [[nodiscard]] static CreateSnapshotRequest
    snapshotRequest(const SandboxId &sandbox, qint64 ttlSeconds);

    [[nodiscard]] Sandbox makeSandbox(const CreateSandboxRequest &request = sandboxRequest());
    [[nodiscard]] Snapshot makeSnapshot(const CreateSnapshotRequest &request);
    [[nodiscard]] Sandbox restore(const SnapshotId &snapshot); ///< as a new sandbox
    void terminate(const SandboxId &id);

    [[nodiscard]] Sandbox sandbox(const SandboxId &id);
    [[nodiscard]] Snapshot snapshot(const SnapshotId &id);
    [[nodiscard]] Operation operation(const OperationId &id);
    [[nodiscard]] bool waitForEnd(const OperationId &id);

    /// As another process takes the engine's lease, or, with an empty name, gives it back.
    [[nodiscard]] Done giveLeaseTo(const QString &owner);

    /// A container that somebody else makes, running; its id. Removed at the end.
    [[nodiscard]] QString makeForeignContainer(const QString &name, const QJsonObject &config = {});
    /// Runs a shell's command; its output.
    [[nodiscard]] QByteArray run(const QString &containerId, const QString &shellCommand);

private:
    [[nodiscard]] Sandbox settled(const SandboxId &id);
    void removeContainers();
    void removeSnapshotImages();

    QTemporaryDir m_folder;
    FakeClock m_clock;
    EngineAddress m_address; // of the services
    std::unique_ptr<DockerClient> m_engine;
    std::unique_ptr<AppContext> m_context;
    QStringList m_foreign; // containers
};

} // namespace sandglass
