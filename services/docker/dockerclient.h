#pragma once

#include "services/core/secret.h"
#include "services/docker/dockertypes.h"
#include "services/docker/enginedialect.h"
#include "services/docker/transferstream.h"
#include "services/net/httptransport.h"

#include <QDeadlineTimer>

#include <functional>
#include <memory>
#include <optional>

namespace sandglass {

/// One typed method per engine endpoint. Used by one worker thread at a time; every call blocks
/// until the answer is complete, the token is cancelled or the engine is silent for too long.
/// Errors carry the engine's own message: 404 gives NotFound, 409 Conflict, 400 InvalidArgument,
/// "no space left" StorageFull, other 5xx Engine. What other engines say differently is put as
/// Docker says it (enginedialect.h).
class DockerClient
{
public:
    /// Connects, asks /_ping and /version and settles the API version. Unreachable,
    /// PermissionDenied, TimedOut (each within 5 s, over ssh 20 s; 30 s for the version of an
    /// engine that tells it slowly), Protocol when it is no engine, UnsupportedVersion. `known`:
    /// what such an engine said before; it is not asked again while it names itself the same.
    [[nodiscard]] static Result<std::unique_ptr<DockerClient>> connect(
        const EngineEndpoint &endpoint,
        const CancelToken &cancel = {},
        const std::optional<EngineVersion> &known = {});

    /// A client for an engine whose version is known from an earlier connect(). Asks nothing, and
    /// so costs nothing: /version alone takes an engine some 30 ms, because it runs other programs
    /// for their versions (seen with 20.10).
    [[nodiscard]] static std::unique_ptr<DockerClient>
    reopen(const EngineEndpoint &endpoint, const EngineVersion &version, ApiVersion api);

    [[nodiscard]] const EngineEndpoint &endpoint() const { return m_transport->endpoint(); }
    [[nodiscard]] const EngineVersion &engineVersion() const { return m_version; }
    [[nodiscard]] ApiVersion apiVersion() const { return m_api; }

    [[nodiscard]] Done ping(const CancelToken &cancel = {});
    [[nodiscard]] Result<EngineInfo> info(const CancelToken &cancel = {});
    [[nodiscard]] Result<DiskUsage> diskUsage(const CancelToken &cancel = {});

    /// All containers, running or not, that carry every label of the filter ("name" or
    /// "name=value").
    [[nodiscard]] Result<QList<ContainerSummary>>
    containers(const QStringList &labelFilter, const CancelToken &cancel = {});
    [[nodiscard]] Result<ContainerDetails> inspectContainer(
        const QString &idOrName, WithSize size = WithSize::No, const CancelToken &cancel = {});
    /// Returns the new container's id. `config` is the engine's Config with HostConfig in it.
    [[nodiscard]] Result<QString>
    createContainer(const QString &name, const QJsonObject &config, const CancelToken &cancel = {});
    [[nodiscard]] Done
    startContainer(const QString &id, const CancelToken &cancel = {}); ///< already running is fine
    [[nodiscard]] Done stopContainer(
        const QString &id,
        std::chrono::seconds grace,
        const CancelToken &cancel = {}); ///< already stopped is fine
    [[nodiscard]] Done
    killContainer(const QString &id, const QString &signal, const CancelToken &cancel = {});
    [[nodiscard]] Done pauseContainer(
        const QString &id, const CancelToken &cancel = {}); ///< Conflict when already paused
    [[nodiscard]] Done unpauseContainer(const QString &id, const CancelToken &cancel = {});
    /// Removes it with its anonymous volumes, running or not. When somebody else is removing it,
    /// waits for that.
    [[nodiscard]] Done removeContainer(const QString &id, const CancelToken &cancel = {});
    [[nodiscard]] Result<QList<FilesystemChange>>
    changes(const QString &id, const CancelToken &cancel = {});
    /// The beginning of a regular file in a container, running or not: at most this many bytes.
    /// NotFound for whatever else stands there.
    [[nodiscard]] Result<QByteArray> readFile(
        const QString &id, const QString &path, qsizetype most, const CancelToken &cancel = {});
    /// Runs a command to its end; its output is bounded by HttpMessage::largestBody.
    [[nodiscard]] Result<ExecResult>
    exec(const QString &id, const QStringList &command, const CancelToken &cancel = {});

    [[nodiscard]] Result<ImageDetails>
    inspectImage(const QString &reference, const CancelToken &cancel = {});
    [[nodiscard]] Done tagImage(
        const QString &reference,
        const QString &repository,
        const QString &tag,
        const CancelToken &cancel = {});
    /// Never forced (fact D2). Conflict with the engine's words when something still needs it.
    [[nodiscard]] Result<ImageRemoval>
    removeImage(const QString &reference, const CancelToken &cancel = {});
    [[nodiscard]] Result<QList<ImageSummary>>
    images(const QStringList &labelFilter, const CancelToken &cancel = {});
    /// Those with a name in this repository; of their tags, only those in it.
    [[nodiscard]] Result<QList<ImageSummary>>
    imagesIn(const QString &repository, const CancelToken &cancel = {});

    /// Loads an image from an archive as engines save them.
    [[nodiscard]] Done loadImage(const QByteArray &archive, const CancelToken &cancel = {});

    /// Commits without pausing (fact C1: pause by us and checked) and returns the image's id. No
    /// time limit of its own: while it waits it asks the engine every 15 s whether it still lives,
    /// and gives TimedOut when it does not.
    [[nodiscard]] Result<QString>
    commit(const CommitRequest &request, const CancelToken &cancel = {});

    /// Pushes one tag (fact P3) of what is tagged "{repository}:{tag}" at the engine, where
    /// `repository` is "host/path". `registryAuth` is the value of X-Registry-Auth (fact P5);
    /// empty: nobody. As commit(), no time limit of its own; cancelling closes the connection,
    /// which makes the engine give up (fact P4). What stands between engine and registry fails with
    /// Unauthorized, PermissionDenied, Untrusted, Unreachable, RateLimited, StorageFull, NotFound
    /// or Registry with its status when the engine's words are certain, else Engine; an answer that
    /// is no stream of messages, or that ends without a digest, with Protocol.
    [[nodiscard]] Result<PushedImage> push(
        const QString &repository,
        const QString &tag,
        const Secret &registryAuth,
        const TransferListener &listener = {},
        const CancelToken &cancel = {});
    /// Pulls "host/path@digest" or "host/path:tag"; by digest it is what was asked for or fails.
    /// The rest as push().
    [[nodiscard]] Result<PulledImage> pull(
        const QString &reference,
        const Secret &registryAuth,
        const TransferListener &listener = {},
        const CancelToken &cancel = {});

private:
    [[nodiscard]] static Result<EngineVersion>
    askVersion(HttpTransport &transport, const QDeadlineTimer &deadline, const CancelToken &cancel);
    DockerClient(std::unique_ptr<HttpTransport> transport, EngineVersion version, ApiVersion api);

    /// Sends with the API version before the path; an error status becomes an Error. `what` goes
    /// into it.
    [[nodiscard]] Result<HttpResponse>
    call(const HttpRequest &request, const QString &what, const CancelToken &cancel);
    /// The same, and parses the body, which then says what Docker would say.
    template <class T>
    [[nodiscard]] Result<T>
    ask(const HttpRequest &request,
        const QString &what,
        Result<T> (*parse)(const QByteArray &),
        const CancelToken &cancel)
    {
        SANDGLASS_TRY(const HttpResponse response, call(request, what, cancel));
        Result<T> value = parse(response.body);
        if (!value)
            return failure(inContext(std::move(value).error(), request, what));
        if constexpr (requires { normalise(*value, m_version.capabilities); })
            normalise(*value, m_version.capabilities);
        return value;
    }
    [[nodiscard]] Error
    inContext(Error error, const HttpRequest &request, const QString &what) const;
    [[nodiscard]] QString versioned(const QString &path) const; ///< "/v1.41" before it
    [[nodiscard]] QString origin(const HttpRequest &request) const;
    /// POST /containers/{id}{action} without a body.
    [[nodiscard]] Done
    act(const QString &id,
        const QString &action,
        const QUrlQuery &query,
        std::chrono::milliseconds idleLimit,
        const CancelToken &cancel);
    /// Sends, and reads the stream to its end; fails when the stream tells an error.
    [[nodiscard]] Done transfer(
        const HttpRequest &request,
        const QString &what,
        TransferStream &stream,
        const CancelToken &cancel);
    [[nodiscard]] Done waitUntilRemoved(const QString &id, const CancelToken &cancel);
    [[nodiscard]] Result<ExecResult>
    finishExec(const QString &execId, ExecResult output, const CancelToken &cancel);

    std::unique_ptr<HttpTransport> m_transport;
    EngineVersion m_version;
    ApiVersion m_api;
};

} // namespace sandglass
