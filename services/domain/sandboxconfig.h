#pragma once

#include "services/core/result.h"

#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QStringList>

namespace sandglass {

/// One place in a sandbox whose content is not in its image (fact C6).
struct Mount
{
    enum class Kind { Bind, Volume, AnonymousVolume, Tmpfs, Other };
    Kind kind = Kind::Other;
    QString source; ///< path on the engine's host, or the volume's name; empty for tmpfs and
                    ///< anonymous volumes
    QString target; ///< path in the sandbox
    bool readOnly = false;

    bool operator==(const Mount &) const = default;
};

/// Everything needed to make a sandbox anew (design, section 5). The engine's own two objects are
/// kept whole, so that no option is lost which this program does not know; the functions read the
/// parts that people see.
struct SandboxConfig
{
    QString image; ///< reference of the original image, never that of a snapshot
    QJsonObject container; ///< the engine's `Config` without Image, generated Hostname, our labels
                           ///< and secret values
    QJsonObject host; ///< the engine's `HostConfig`
    qint64 timeoutSeconds = 0; ///< the sandbox is terminated when it is this old; 0 = never
    QStringList secretNames; ///< environment names whose values are secret and not kept

    bool operator==(const SandboxConfig &) const = default;

    [[nodiscard]] QStringList entrypoint() const;
    [[nodiscard]] QStringList command() const;
    [[nodiscard]] QStringList environment() const; ///< "NAME=value"
    [[nodiscard]] QMap<QString, QString> labels() const; ///< the operator's own and the image's
    [[nodiscard]] QString user() const; ///< empty = the image's
    [[nodiscard]] QString workingDirectory() const;
    [[nodiscard]] double cpus() const; ///< 0 = no limit
    [[nodiscard]] qint64 memoryBytes() const; ///< 0 = no limit
    [[nodiscard]] QString networkMode() const;
    [[nodiscard]] QString restartPolicy() const; ///< "no", "always", "on-failure", "unless-stopped"
    [[nodiscard]] QList<Mount> mounts() const;
    [[nodiscard]] QStringList
    publishedPorts() const; ///< "8080/tcp", those bound to a port of the engine's host
    [[nodiscard]] QStringList deviceNames() const; ///< devices of the engine's host, by path

    [[nodiscard]] QByteArray toJson() const;
    [[nodiscard]] static Result<SandboxConfig> fromJson(const QByteArray &bytes);
};

/// The longest time that a sandbox may be given, in seconds: a hundred years.
inline constexpr qint64 largestTimeoutSeconds = 100LL * 365 * 86'400;

/// InvalidArgument when one of them cannot be the name of an environment variable.
[[nodiscard]] Done checkSecretNames(const QStringList &names);

} // namespace sandglass
