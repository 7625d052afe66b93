#include "tests/operations/servicerig.h"

#include "services/core/json.h"
#include "tests/support/auditrule.h"
#include "tests/support/engineaddress.h"
#include "tests/support/waitfor.h"

#include <QDir>
#include <QTest>

namespace sandglass {

namespace {

const QString baseImage = u"sandbox-base:busybox"_s;

/// The value, or the end of the test program: a rig that does not work tests nothing.
template <class T> T need(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().summary()));
    return *std::move(result);
}

void need(bool condition, const char *what)
{
    if (!condition)
        qFatal("waited in vain: %s", what);
}

} // namespace

ServiceRig::ServiceRig(const QString &engineAddress)
    : m_address(need(EngineAddress::parse(
        engineAddress.isEmpty() ? testEngineAddress(TestEngine::A) : engineAddress)))
    , m_engine(
          need(DockerClient::connect(need(EngineAddress::parse(testEngineAddress(TestEngine::A))))))
{
    open();
}

ServiceRig::~ServiceRig()
{
    m_context.reset();
    removeContainers();
    removeSnapshotImages();
}

void ServiceRig::open()
{
    StartOptions options;
    options.dataDirectory = m_folder.path() + u"/data"_s;
    options.engines = {{engineName(), m_address}};
    refuseUnauditedChanges(need(AppContext::openDatabase(options.dataDirectory, m_clock))->file());
    m_context = need(AppContext::create(options, m_clock));
    need(
        waitFor(
            [this] { return useCases().engines.list()->first().state == EngineState::Connected; }),
        "the engine is connected");
}

void ServiceRig::removeDatabase()
{
    close();
    QDir(m_folder.path() + u"/data"_s).removeRecursively();
}

CreateSandboxRequest ServiceRig::sandboxRequest()
{
    CreateSandboxRequest request;
    request.namespaceName = space();
    request.image = baseImage;
    request.networkMode = u"none"_s;
    request.caller = caller();
    return request;
}

CreateSnapshotRequest ServiceRig::snapshotRequest(const SandboxId &sandbox, qint64 ttlSeconds)
{
    CreateSnapshotRequest request;
    request.namespaceName = space();
    request.sandbox = sandbox;
    request.ttlSeconds = ttlSeconds;
    request.caller = caller();
    return request;
}

Sandbox ServiceRig::settled(const SandboxId &id)
{
    need(
        waitFor([&] { return sandbox(id).status != SandboxStatus::Pending; }),
        "the sandbox is made");
    const Sandbox made = sandbox(id);
    if (made.status != SandboxStatus::Running)
        qFatal("the sandbox is %s: %s", qPrintable(nameOf(made.status)), qPrintable(made.error));
    return made;
}

Sandbox ServiceRig::makeSandbox(const CreateSandboxRequest &request)
{
    return settled(need(useCases().sandboxes.create(request)).sandbox);
}

Snapshot ServiceRig::makeSnapshot(const CreateSnapshotRequest &request)
{
    const StartedSnapshot started = need(useCases().snapshots.create(request));
    need(waitForEnd(started.operation), "the snapshot is made");
    const Snapshot made = snapshot(started.snapshot);
    if (made.status != SnapshotStatus::Active)
        qFatal("the snapshot is %s: %s", qPrintable(nameOf(made.status)), qPrintable(made.error));
    return made;
}

Sandbox ServiceRig::restore(const SnapshotId &snapshot)
{
    RestoreRequest request;
    request.namespaceName = space();
    request.snapshot = snapshot;
    request.caller = caller();
    return settled(need(useCases().snapshots.restore(request)).sandbox);
}

void ServiceRig::terminate(const SandboxId &id)
{
    need(
        waitForEnd(need(useCases().sandboxes.terminate(space(), id, caller()))),
        "the sandbox is terminated");
}

Sandbox ServiceRig::sandbox(const SandboxId &id)
{
    return need(useCases().sandboxes.find(id));
}

Snapshot ServiceRig::snapshot(const SnapshotId &id)
{
    return need(useCases().snapshots.find(id));
}

Operation ServiceRig::operation(const OperationId &id)
{
    return need(useCases().operations.find(id));
}

bool ServiceRig::waitForEnd(const OperationId &id)
{
    return waitFor([&] { return isFinished(operation(id).state); });
}

Done ServiceRig::giveLeaseTo(const QString &owner)
{
    const qint64 until = toMilliseconds(m_clock.now()) + 8'000;
    return database().write([&](Session &session) -> Done {
        SANDGLASS_CHECK(
            session.run(u"UPDATE engines SET lease_owner = ?, lease_until = ?"_s, {owner, until}));
        return {};
    });
}

QString ServiceRig::makeForeignContainer(const QString &name, const QJsonObject &config)
{
    QJsonObject whole{
        {u"Image"_s, baseImage},
        {u"Entrypoint"_s, toJsonArray({u"/bin/sleep"_s, u"1000000"_s})},
        {u"HostConfig"_s, QJsonObject{{u"NetworkMode"_s, u"none"_s}}}};
    for (auto it = config.begin(); it != config.end(); ++it)
        whole.insert(it.key(), it.value());
    const QString id = need(m_engine->createContainer(name, whole));
    m_foreign.append(id);
    if (const Done started = m_engine->startContainer(id); !started)
        qFatal("%s", qPrintable(started.error().summary()));
    return id;
}

QByteArray ServiceRig::run(const QString &containerId, const QString &shellCommand)
{
    return need(m_engine->exec(containerId, {u"/bin/sh"_s, u"-c"_s, shellCommand})).standardOutput;
}

void ServiceRig::removeContainers()
{
    QStringList ids = m_foreign;
    for (const ContainerSummary &container : need(m_engine->containers({label::sandboxId})))
        ids.append(container.id);
    for (const QString &id : ids) {
        if (const Done removed = m_engine->removeContainer(id); !removed)
            qInfo() << removed.error().summary();
    }
}

void ServiceRig::removeSnapshotImages()
{
    // A child image keeps its parent: those that go make way for the next round.
    need(
        waitFor([this] {
            const auto images = need(m_engine->images({QString(label::snapshotId)}));
            for (const ImageSummary &image : images) {
                for (const QString &name :
                     image.tags.isEmpty() ? QStringList{image.id} : image.tags) {
                    if (const auto removed = m_engine->removeImage(name); !removed)
                        qInfo() << removed.error().summary();
                }
            }
            return images.isEmpty();
        }),
        "the engine has no snapshots any more");
}

} // namespace sandglass
