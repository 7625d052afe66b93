#include "services/operations/enginedisk.h"

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

Result<std::optional<DiskSpace>>
diskOf(DockerClient &engine, EngineConnections &connections, const CancelToken &abort)
{
    SANDGLASS_TRY(const EngineInfo info, connections.infoOf(engine, abort));
    return diskOf(engine.endpoint().address, info, QSysInfo::machineHostName());
}

} // namespace sandglass
