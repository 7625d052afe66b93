#pragma once

#include "services/core/result.h"
#include "services/domain/credential.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>

namespace sandglass {

/// A login that Docker's client keeps in its config.json, where everybody with the file can read
/// it.
struct DockerLogin
{
    QString host; ///< as in Registry::host; "docker.io" for Docker Hub
    Credential credential;
};

/// What Docker's config.json says about credentials.
struct DockerConfig
{
    QList<DockerLogin> logins; ///< by host
    QString credentialsStore; ///< the program for every host without one of its own; or empty
    QMap<QString, QString> credentialHelpers; ///< host -> program
};

/// How a registry's host is written here, whichever way Docker wrote it: without scheme and path,
/// in small letters, "docker.io" for all names of Docker Hub (fact P6).
[[nodiscard]] QString credentialHostOf(const QString &dockerKey);

/// Parses config.json. Empty bytes are an empty file. Protocol: it is no JSON object, or a login in
/// it cannot be read; the detail names its host.
[[nodiscard]] Result<DockerConfig> parseDockerConfig(const QByteArray &bytes);

/// The logins in config.json. Fails as parseDockerConfig.
[[nodiscard]] Result<QList<DockerLogin>> loginsOf(const QByteArray &bytes);

/// "ecr-login" when docker-credential-ecr-login is to be asked for this host; empty: none is.
[[nodiscard]] QString helperFor(const DockerConfig &config, const QString &host);

} // namespace sandglass
