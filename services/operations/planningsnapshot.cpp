#include "services/operations/planningsnapshot.h"

#include "services/operations/containerspec.h"
#include "services/operations/engineconnections.h"

#include <QFile>
#include <QSysInfo>

#include <sys/statvfs.h>

namespace sandglass {

std::optional<DiskSpace>
diskOf(const EngineAddress &address, const EngineInfo &info, const QString &ownHostName)
{
    if (address.scheme != EngineAddress::Scheme::Unix || info.hostName != ownHostName)
        return std::nullopt;
    struct statvfs disk = {};
    if (statvfs(QFile::encodeName(info.rootDirectory).constData(), &disk) != 0)
        return std::nullopt;
    const auto blockBytes = qint64(disk.f_frsize);
    return DiskSpace{qint64(disk.f_bavail) * blockBytes, qint64(disk.f_blocks) * blockBytes};
}

Result<SnapshotPlan> planSnapshot(
    DockerClient &engine,
    EngineConnections &connections,
    const Sandbox &sandbox,
    const CancelToken &abort)
{
    SANDGLASS_TRY(
        const ContainerDetails container,
        engine.inspectContainer(sandbox.containerId, WithSize::Yes, abort));
    SnapshotPlan plan;
    plan.sandbox = sandbox.id;
    plan.engine = sandbox.engine;
    plan.config = configOf(container, sandbox);
    plan.changedBytes = container.changedBytes;
    plan.alreadyPaused = container.paused;
    const auto image = engine.inspectImage(container.imageId, abort);
    if (image)
        plan.layers = int(image->layers.size());
    else if (image.error().kind != ErrorKind::NotFound)
        return failure(image.error());
    SANDGLASS_TRY(const EngineInfo info, connections.infoOf(engine, abort));
    if (const auto disk = diskOf(engine.endpoint().address, info, QSysInfo::machineHostName()))
        plan.freeBytes = disk->freeBytes;
    return plan;
}

} // namespace sandglass
