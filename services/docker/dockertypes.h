#pragma once

#include "services/core/clock.h"
#include "services/docker/enginecapabilities.h"
#include "services/domain/labels.h"

#include <QJsonObject>
#include <QList>
#include <QStringList>

#include <optional>

namespace sandglass {

/// Versions of the Engine API that this program speaks (fact V1).
struct ApiVersion
{
    int major = 0;
    int minor = 0;

    auto operator<=>(const ApiVersion &) const = default;
    [[nodiscard]] static std::optional<ApiVersion> parse(const QString &text); ///< "1.41"
    [[nodiscard]] QString text() const;
};

inline constexpr ApiVersion oldestApi{1, 40};
inline constexpr ApiVersion newestApi{1, 56};

/// GET /version.
struct EngineVersion
{
    QString product; ///< "Docker", "Podman"
    QString engineVersion; ///< "20.10.24"
    ApiVersion newest;
    ApiVersion oldest;
    QString operatingSystem; ///< "linux"
    QString architecture; ///< "amd64"
    EngineCapabilities capabilities;
    QByteArray server; ///< as it names itself in its answers; empty when it does not
};

/// The version to speak with an engine: the newest that both know. UnsupportedVersion naming both
/// ranges when there is none.
[[nodiscard]] Result<ApiVersion> negotiate(const EngineVersion &engine);

/// GET /info.
struct EngineInfo
{
    QString hostName;
    QString storageDriver;
    QString rootDirectory;
    qint64 memoryBytes = 0;
    int cpus = 0;
    int containersRunning = 0;
    int images = 0;
    Timestamp systemTime; ///< the engine's own clock; the epoch when it did not say
};

/// One row of GET /containers/json.
struct ContainerSummary
{
    QString id;
    QStringList names; ///< without the leading slash
    QString image;
    QString imageId;
    QString state; ///< "running", "paused", "exited", "created", "restarting", "removing", "dead"
    Labels labels;
    Timestamp createdAt;
};

/// GET /containers/{id}/json.
struct ContainerDetails
{
    QString id;
    QString name; ///< without the leading slash
    QString image; ///< the reference it was created with
    QString imageId;
    QString state; ///< as in ContainerSummary
    bool running = false; ///< true while paused, too
    bool paused = false;
    int exitCode = 0;
    QString stateError; ///< the engine's words on why it did not start
    Labels labels;
    QJsonObject config; ///< whole
    QJsonObject hostConfig; ///< whole
    std::optional<qint64> changedBytes; ///< SizeRw; only when asked for
};

enum class WithSize { No, Yes };

/// One row of GET /containers/{id}/changes.
struct FilesystemChange
{
    enum class Kind { Modified, Added, Deleted };
    Kind kind = Kind::Modified;
    QString path;
};

struct ExecResult
{
    int exitCode = 0;
    QByteArray standardOutput;
    QByteArray standardError;
};

/// GET /images/{name}/json.
struct ImageDetails
{
    QString id;
    QStringList tags; ///< RepoTags
    QStringList repoDigests; ///< "repository@sha256:…": where it was pushed to or pulled from
    QString parent; ///< empty where the engine does not say (fact I4)
    qint64 sizeBytes = 0; ///< see fact I3
    QStringList layers; ///< RootFS.Layers, the diff ids from the base up
    Labels labels;
    QJsonObject config; ///< whole
    QStringList environment;
    QStringList containerEnvironment; ///< of the container that it was committed from, kept beside
                                      ///< by engines before version 26
    QString created; ///< as the engine writes it
    QString operatingSystem;
    QString architecture;
    QString comment; ///< written by the commit that made it; not inherited by images built from it
};

/// What a push left at the registry.
struct PushedImage
{
    QString digest; ///< of the manifest
    qint64 manifestBytes = 0; ///< its size; 0 when the engine did not say it
    QString repository; ///< "host/repository"
    QString tag;
    /// The image has several platforms, of which the engine had, and pushed, one (fact P7).
    bool onePlatformOnly = false;
};

/// What a pull brought to the engine.
struct PulledImage
{
    QString digest; ///< of the manifest
    QString id; ///< the image's, at this engine (fact I1)
};

/// One row of GET /images/json.
struct ImageSummary
{
    QString id;
    QStringList tags;
    qint64 sizeBytes = 0;
    Labels labels;
    Timestamp createdAt;
};

/// What DELETE /images/{name} did; only what is in `deleted` freed space (fact D1).
struct ImageRemoval
{
    QStringList untagged;
    QStringList deleted;
};

/// GET /system/df, of what is looked at here.
struct DiskUsage
{
    qint64 layerBytes = 0;
};

/// One message of GET /events; parsed from Type, Action and Actor only (fact V2).
struct EngineEvent
{
    QString type; ///< "container", "image"
    QString action; ///< "start", "die", "pause", "commit", …
    QString actorId;
    Labels attributes; ///< the actor's labels among them
    qint64 timeNanoseconds = 0; ///< the engine's clock
};

struct CommitRequest
{
    QString containerId;
    QString repository;
    QString tag;
    QString comment;
    QStringList changes; ///< Dockerfile instructions: `ENV NAME=`
    Labels labels; ///< merged over the container's (fact C7)
};

} // namespace sandglass
