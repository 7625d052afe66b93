#pragma once

#include "services/docker/dockerclient.h"

#include <optional>

namespace sandglass {

class EngineConnections;

struct DiskSpace
{
    qint64 freeBytes = 0; ///< for those that are not root
    qint64 bytes = 0;
};

/// The disk where an engine keeps its data. Nothing when that cannot be known from here: only an
/// engine that is reached by a socket and says that it runs on the host of this name has its disk
/// where we can look.
[[nodiscard]] std::optional<DiskSpace>
diskOf(const EngineAddress &address, const EngineInfo &info, const QString &ownHostName);

/// The same of an engine that is asked where its data is, if that is not known yet; its host is
/// compared with ours.
[[nodiscard]] Result<std::optional<DiskSpace>>
diskOf(DockerClient &engine, EngineConnections &connections, const CancelToken &abort);

} // namespace sandglass
