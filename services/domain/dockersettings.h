#pragma once

#include "services/domain/engine.h"

#include <QStringList>

namespace sandglass {

// Engines that Docker's own client was told of. Pure.

/// What the client finds in its environment.
struct DockerEnvironment
{
    QString host; ///< DOCKER_HOST; empty when it is not set
    bool usesTls = false; ///< DOCKER_TLS_VERIFY is not empty
    QString certificateFolder; ///< DOCKER_CERT_PATH, else the client's own folder
    QStringList certificateFiles; ///< the names of the files that are there
};

struct DockerEngine
{
    QString name; ///< of the context; "local" for what the environment says
    EngineAddress address;

    bool operator==(const DockerEngine &) const = default;
};

/// The PEM files that the client takes from a folder of which it knows what is in it.
[[nodiscard]] TlsFiles tlsFilesIn(const QString &folder, const QStringList &fileNames);

/// The engine of DOCKER_HOST, else the usual socket. InvalidArgument when it cannot be used.
[[nodiscard]] Result<DockerEngine> engineOf(const DockerEnvironment &environment);

/// The engine of a context, from the bytes of its meta.json. `tls`: the files that lie beside it,
/// if any. InvalidArgument when it is no context, or its engine cannot be used.
[[nodiscard]] Result<DockerEngine>
parseDockerContext(const QByteArray &meta, const std::optional<TlsFiles> &tls);

} // namespace sandglass
