#include "services/core/json.h"
#include "services/docker/dockerclient.h"
#include "services/docker/dockerjson.h"
#include "services/docker/enginecall.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

QJsonObject toJsonObject(const Labels &labels)
{
    QJsonObject object;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

} // namespace

Result<ImageDetails> DockerClient::inspectImage(const QString &reference, const CancelToken &cancel)
{
    HttpRequest request;
    SANDGLASS_TRY(request.path, imagePath(reference, u"/json"_s));
    return ask(request, u"inspect image "_s + reference, parseImage, cancel);
}

Done DockerClient::tagImage(
    const QString &reference,
    const QString &repository,
    const QString &tag,
    const CancelToken &cancel)
{
    HttpRequest request;
    request.method = "POST";
    SANDGLASS_TRY(request.path, imagePath(reference, u"/tag"_s));
    addToQuery(request.query, u"repo"_s, repository);
    addToQuery(request.query, u"tag"_s, tag);
    SANDGLASS_CHECK(call(request, u"tag image "_s + reference, cancel));
    return {};
}

Result<ImageRemoval> DockerClient::removeImage(const QString &reference, const CancelToken &cancel)
{
    HttpRequest request;
    request.method = "DELETE";
    SANDGLASS_TRY(request.path, imagePath(reference, {}));
    request.idleLimit = slowCallLimit;
    return ask(request, u"remove image "_s + reference, parseImageRemoval, cancel);
}

Result<QList<ImageSummary>>
DockerClient::images(const QStringList &labelFilter, const CancelToken &cancel)
{
    HttpRequest request;
    request.path = u"/images/json"_s;
    addFilter(request.query, u"label"_s, labelFilter);
    return ask(request, u"list images"_s, parseImages, cancel);
}

Result<QList<ImageSummary>>
DockerClient::imagesIn(const QString &repository, const CancelToken &cancel)
{
    HttpRequest request;
    request.path = u"/images/json"_s;
    addFilter(request.query, u"reference"_s, {repository});
    SANDGLASS_TRY(
        QList<ImageSummary> images,
        ask(request, u"list images of "_s + repository, parseImages, cancel));
    keepNamesIn(images, repository);
    return images;
}

Done DockerClient::loadImage(const QByteArray &archive, const CancelToken &cancel)
{
    HttpRequest request;
    request.method = "POST";
    request.path = u"/images/load"_s;
    addToQuery(request.query, u"quiet"_s, u"1"_s);
    request.contentType = "application/x-tar";
    request.body = archive;
    request.idleLimit = slowCallLimit;
    SANDGLASS_CHECK(call(request, u"load an image"_s, cancel));
    return {};
}

Result<QString> DockerClient::commit(const CommitRequest &commit, const CancelToken &cancel)
{
    // The id is in the query here, but what no container can have is refused the same way.
    SANDGLASS_CHECK(containerPath(commit.containerId, {}));
    HttpRequest request;
    request.method = "POST";
    request.path = u"/commit"_s;
    addToQuery(request.query, u"container"_s, commit.containerId);
    addToQuery(request.query, u"repo"_s, commit.repository);
    addToQuery(request.query, u"tag"_s, commit.tag);
    addToQuery(request.query, u"comment"_s, commit.comment);
    addToQuery(request.query, u"pause"_s, u"0"_s);
    QStringList changes = commit.changes;
    if (!m_version.capabilities.takesCommitLabels)
        changes += labelInstructions(commit.labels);
    for (const QString &change : changes)
        addToQuery(request.query, u"changes"_s, change);
    // Merged over the container's configuration. Podman fails without a body.
    request.body = toBytes({{u"Labels"_s, toJsonObject(commit.labels)}});
    request.idleLimit = 0ms; // fact C4
    request.liveness = Liveness{u"/_ping"_s};
    return ask(request, u"commit container "_s + commit.containerId, parseImageId, cancel);
}

} // namespace sandglass
