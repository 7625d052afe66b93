#include "tests/models/samples.h"

#include "services/domain/imagereference.h"
#include "services/domain/ttl.h"

#include <QJsonArray>

namespace sandglass::sample {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

Engine engine(const QString &name)
{
    Engine engine;
    engine.name = EngineName::trusted(name);
    engine.address = u"unix:///var/run/docker.sock"_s;
    engine.state = EngineState::Connected;
    engine.version = u"20.10.24"_s;
    engine.apiVersion = u"1.41"_s;
    engine.platform = u"linux/amd64"_s;
    engine.storageDriver = u"overlay2"_s;
    engine.lastSeenAt = now;
    return engine;
}

Sandbox sandbox(const QString &name)
{
    Sandbox sandbox;
    sandbox.id = SandboxId::trusted(u"sb-"_s + name);
    sandbox.namespaceName = NamespaceName::trusted(u"default"_s);
    sandbox.displayName = name;
    sandbox.engine = EngineName::trusted(u"local"_s);
    sandbox.containerId = u"4f1c0ffee000"_s;
    sandbox.status = SandboxStatus::Running;
    sandbox.config = configWithMounts();
    sandbox.createdAt = now - 1h;
    sandbox.changedAt = now - 50min;
    sandbox.confirmedAt = now - 1min;
    return sandbox;
}

SandboxConfig configWithMounts()
{
    SandboxConfig config;
    config.image = u"busybox:latest"_s;
    config.container = {
        {u"Cmd"_s, QJsonArray{u"sleep"_s, u"infinity"_s}},
        {u"Env"_s, QJsonArray{u"MODE=work"_s}},
        {u"User"_s, u"1000"_s},
        {u"WorkingDir"_s, u"/srv"_s},
        {u"Volumes"_s, QJsonObject{{u"/var/cache"_s, QJsonObject()}}}};
    config.host = {
        {u"Binds"_s, QJsonArray{u"/home/ann/project:/srv/project:ro"_s, u"pgdata:/var/lib/db"_s}},
        {u"Tmpfs"_s, QJsonObject{{u"/tmp"_s, QString()}}},
        {u"NanoCpus"_s, 1'500'000'000},
        {u"Memory"_s, 512 * 1024 * 1024},
        {u"NetworkMode"_s, u"bridge"_s}};
    return config;
}

Snapshot snapshot(const QString &name)
{
    Snapshot snapshot;
    snapshot.id = SnapshotId::trusted(u"snap-"_s + name);
    snapshot.sandbox = SandboxId::trusted(u"sb-web"_s);
    snapshot.namespaceName = NamespaceName::trusted(u"default"_s);
    snapshot.engine = EngineName::trusted(u"local"_s);
    snapshot.status = SnapshotStatus::Active;
    snapshot.ttlSeconds = defaultTtlSeconds;
    snapshot.createdAt = now - 24h;
    snapshot.changedAt = now - 24h;
    snapshot.sizeBytes = 148'897'792;
    snapshot.changedBytes = 6'291'456;
    snapshot.frozenMilliseconds = 640;
    snapshot.imageReference = snapshotReference(snapshot.sandbox, snapshot.id);
    snapshot.config = configWithMounts();
    Location location;
    location.snapshot = snapshot.id;
    location.place = u"local"_s;
    location.imageReference = snapshot.imageReference;
    location.changedAt = snapshot.createdAt;
    snapshot.locations = {location};
    return snapshot;
}

Snapshot expiredSnapshot(const QString &name)
{
    Snapshot expired = snapshot(name);
    expired.createdAt = now - 72h;
    expired.ttlSeconds = 86'400;
    return expired;
}

Operation runningOperation(const QString &name)
{
    Operation operation;
    operation.id = OperationId::trusted(u"op-"_s + name);
    operation.kind = OperationKind::CreateSnapshot;
    operation.namespaceName = NamespaceName::trusted(u"default"_s);
    operation.engine = EngineName::trusted(u"local"_s);
    operation.sandbox = SandboxId::trusted(u"sb-web"_s);
    operation.snapshot = SnapshotId::trusted(u"snap-new"_s);
    operation.state = OperationState::Running;
    operation.createdAt = now - 20s;
    operation.startedAt = now - 19s;
    operation.requestedBy = {u"ann"_s, u"sandglass"_s, {}};
    const QStringList names{
        u"inspect sandbox"_s,
        u"look for secrets"_s,
        u"pause"_s,
        u"commit"_s,
        u"unpause"_s,
        u"name image"_s,
        u"inspect image"_s};
    for (const QString &step : names)
        operation.steps.append(OperationStep{step, std::nullopt, std::nullopt, 0});
    for (int i = 0; i < 3; ++i) {
        operation.steps[i].startedAt = now - 19s;
        operation.steps[i].finishedAt = now - 18s;
    }
    operation.steps[3].startedAt = now - 18s;
    return operation;
}

Registry registry(const QString &name)
{
    Registry registry;
    registry.name = RegistryName::trusted(name);
    registry.host = name + u".example.com"_s;
    registry.repository = u"team/snapshots"_s;
    registry.namespaces = {NamespaceName::trusted(u"default"_s)};
    registry.deletes = true;
    registry.listsCatalog = false;
    registry.rateLimit = u"100;w=21600"_s;
    registry.lastSeenAt = now - 5min;
    return registry;
}

Location registryLocation(const SnapshotId &snapshot, const QString &registry)
{
    Location location;
    location.snapshot = snapshot;
    location.kind = LocationKind::Registry;
    location.place = registry;
    location.imageReference = registry + u".example.com/team/snapshots:"_s + snapshot.text();
    location.digest = u"sha256:4f1c0ffee000"_s;
    location.changedAt = now - 20h;
    location.checkedAt = now - 2h;
    return location;
}

Operation runningPush(const QString &name, const SnapshotId &snapshot)
{
    constexpr qint64 mebibyte = 1024 * 1024;
    Operation operation;
    operation.id = OperationId::trusted(u"op-"_s + name);
    operation.kind = OperationKind::PushSnapshot;
    operation.namespaceName = NamespaceName::trusted(u"default"_s);
    operation.engine = EngineName::trusted(u"local"_s);
    operation.snapshot = snapshot;
    operation.state = OperationState::Running;
    operation.inputs = {{u"registry"_s, u"hub"_s}};
    operation.createdAt = now - 10s;
    operation.startedAt = now - 9s;
    operation.requestedBy = {u"ann"_s, u"sandglass"_s, {}};
    for (const QString &step : {u"tag"_s, u"push"_s, u"check"_s})
        operation.steps.append(OperationStep{step, std::nullopt, std::nullopt, 0});
    operation.steps[0].startedAt = now - 9s;
    operation.steps[0].finishedAt = now - 8s;
    operation.steps[1].startedAt = now - 8s;
    operation.progress.bytesPerSecond = 10 * mebibyte;
    operation.progress.layers = {
        {u"3d27a03c3cc7"_s, LayerState::AlreadyThere, 0, 0},
        {u"8a2f01b9e410"_s, LayerState::Complete, 20 * mebibyte, 20 * mebibyte},
        {u"c90d7745aa12"_s, LayerState::Transferring, 40 * mebibyte, 100 * mebibyte}};
    return operation;
}

} // namespace sandglass::sample
