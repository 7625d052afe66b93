#include "services/registry/registryclient.h"

#include "services/core/json.h"
#include "services/domain/imagereference.h"
#include "services/registry/contentdigest.h"
#include "services/registry/registryanswer.h"
#include "services/registry/registrysession.h"
#include "services/registry/taglist.h"

#include <QSet>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostTags = 100'000;
constexpr int mostPages = 2'000;
constexpr qint64 largestTagPage = 32 * 1024 * 1024; // some registries send all tags at once

bool isSuccess(const HttpResponse &response)
{
    return response.status >= 200 && response.status < 300;
}

/// Docker Hub calls its own repositories so.
QString repositoryOf(const Registry &registry)
{
    const bool isHub = apiHostOf(registry.host) == apiHostOf(u"docker.io"_s);
    return isHub && !registry.repository.contains(u'/') ? u"library/"_s + registry.repository
                                                        : registry.repository;
}

Done checkReference(const QString &tagOrDigest)
{
    if (!isDigest(tagOrDigest))
        SANDGLASS_CHECK(validateTag(tagOrDigest));
    return {};
}

Done checkDigest(const QString &digest)
{
    if (!isDigest(digest))
        return failure(ErrorKind::InvalidArgument, u"\"%1\" is no digest"_s.arg(digest.left(80)));
    return {};
}

/// The digest that the registry gives what it sends; empty when it gives none.
QString digestIn(const HttpResponse &response)
{
    const QString digest = QString::fromLatin1(response.header("Docker-Content-Digest").trimmed());
    return isDigest(digest) ? digest : QString();
}

Done checkSame(const QString &wanted, const QString &given)
{
    if (isDigest(wanted) && !given.isEmpty() && wanted != given) {
        return failure(
            ErrorKind::Protocol, u"the registry answers with another manifest, %1"_s.arg(given));
    }
    return {};
}

} // namespace

RegistryClient::RegistryClient(const Registry &registry, std::optional<Credential> credential)
    : m_repository(repositoryOf(registry))
    , m_session(std::make_unique<RegistrySession>(registry, std::move(credential)))
{ }

RegistryClient::~RegistryClient() = default;

QString RegistryClient::rateLimit() const
{
    return m_session->rateLimit();
}

QString RegistryClient::rateLimitRemaining() const
{
    return m_session->rateLimitRemaining();
}

bool RegistryClient::isAnonymous() const
{
    return m_session->isAnonymous();
}

Done RegistryClient::ping(const CancelToken &cancel)
{
    RegistryCall request{u"log in"_s};
    request.url = m_session->url({});
    SANDGLASS_CHECK(send(request, cancel));
    return {};
}

Done RegistryClient::reach(const CancelToken &cancel)
{
    RegistryCall request{u"reach the registry"_s};
    request.url = m_session->url({});
    SANDGLASS_TRY(const HttpResponse response, m_session->sendBare(request, cancel));
    const bool asksForLogin =
        response.status == 401 && !response.header("WWW-Authenticate").isEmpty();
    if (asksForLogin || (isSuccess(response) && !isPage(response)))
        return {};
    Error error = m_session->errorOf(request, response);
    if (response.status < 429 && error.kind != ErrorKind::Protocol) {
        error.kind = ErrorKind::Protocol;
        error.detail = u"reach the registry: what answers there is no registry"_s;
    }
    return failure(error);
}

Result<std::optional<ManifestDescriptor>>
RegistryClient::findManifest(const QString &tagOrDigest, const CancelToken &cancel)
{
    SANDGLASS_CHECK(checkReference(tagOrDigest));
    RegistryCall request =
        call(u"find manifest "_s + tagOrDigest, "HEAD", u"manifests/"_s + tagOrDigest, u"pull"_s);
    request.headers.append({"Accept", manifestMediaTypes()});
    SANDGLASS_TRY(const HttpResponse response, m_session->send(request, cancel));
    if (response.status == 404)
        return std::nullopt;
    if (!isSuccess(response))
        return failure(m_session->errorOf(request, response));

    ManifestDescriptor descriptor{digestIn(response), 0, {}};
    bool hasSize = false;
    descriptor.size = response.header("Content-Length").toLongLong(&hasSize);
    descriptor.mediaType = QString::fromLatin1(response.header("Content-Type"))
                               .section(u';', 0, 0)
                               .trimmed()
                               .toLower();
    if (!descriptor.digest.isEmpty() && hasSize && descriptor.size > 0) {
        if (const Done same = checkSame(tagOrDigest, descriptor.digest); !same)
            return failure(m_session->inContext(same.error(), request));
        return descriptor;
    }
    const Result<Manifest> whole = manifest(tagOrDigest, cancel);
    if (!whole && whole.error().kind == ErrorKind::NotFound)
        return std::nullopt;
    if (!whole)
        return failure(whole.error());
    return ManifestDescriptor{whole->digest, whole->bytes.size(), whole->mediaType};
}

Result<Manifest> RegistryClient::manifest(const QString &tagOrDigest, const CancelToken &cancel)
{
    SANDGLASS_CHECK(checkReference(tagOrDigest));
    RegistryCall request =
        call(u"read manifest "_s + tagOrDigest, "GET", u"manifests/"_s + tagOrDigest, u"pull"_s);
    request.headers.append({"Accept", manifestMediaTypes()});
    request.largestBody = largestManifest;
    SANDGLASS_TRY(const HttpResponse response, send(request, cancel));

    const auto fail = [&](const Error &error) {
        return failure(m_session->inContext(error, request));
    };
    const QString given = digestIn(response);
    if (const Done same = checkSame(tagOrDigest, given); !same)
        return fail(same.error());
    const QString wanted = isDigest(tagOrDigest) ? tagOrDigest : given;
    if (!wanted.isEmpty()) {
        DigestCheck check(wanted);
        check.add(response.body);
        if (const Done checked = check.finish(u"the manifest"_s); !checked)
            return fail(checked.error());
    }
    Result<Manifest> manifest =
        parseManifest(response.body, QString::fromLatin1(response.header("Content-Type")));
    if (!manifest)
        return fail(manifest.error());
    if (!wanted.isEmpty())
        manifest->digest = wanted; // of another algorithm, perhaps
    return manifest;
}

Result<QStringList> RegistryClient::tags(const CancelToken &cancel)
{
    RegistryCall request = call(u"list the tags"_s, "GET", u"tags/list?n=1000"_s, u"pull"_s);
    request.largestBody = largestTagPage;
    const auto fail = [&](const Error &error) {
        return failure(m_session->inContext(error, request));
    };
    QStringList tags;
    QSet<QUrl> seen;
    while (seen.size() < mostPages) {
        seen.insert(request.url);
        SANDGLASS_TRY(const HttpResponse response, m_session->send(request, cancel));
        // Which code says that a repository is not known is not the same everywhere.
        if (response.status == 404 && parseJsonObject(response.body))
            return tags;
        if (!isSuccess(response))
            return failure(m_session->errorOf(request, response));
        const Result<QStringList> page = parseTags(response.body);
        if (!page)
            return fail(page.error());
        tags += *page;
        if (tags.size() > mostTags)
            return fail({ErrorKind::LimitReached, u"there are more than 100,000"_s, {}, {}, 0});
        const Result<std::optional<QUrl>> next = nextPage(response.header("Link"), request.url);
        if (!next)
            return fail(next.error());
        if (!*next)
            return tags;
        if (seen.contains(**next))
            break;
        request.url = **next;
    }
    return fail({ErrorKind::Protocol, u"its pages have no end"_s, {}, {}, 0});
}

Done RegistryClient::putManifest(
    const QString &tag, const Manifest &manifest, const CancelToken &cancel)
{
    SANDGLASS_CHECK(validateTag(tag));
    RegistryCall request =
        call(u"put manifest "_s + tag, "PUT", u"manifests/"_s + tag, u"pull,push"_s);
    request.body = manifest.bytes;
    request.contentType = manifest.mediaType.toLatin1();
    SANDGLASS_CHECK(send(request, cancel));
    return {};
}

Done RegistryClient::deleteManifest(const QString &digest, const CancelToken &cancel)
{
    SANDGLASS_CHECK(checkDigest(digest));
    const RegistryCall request =
        call(u"delete manifest "_s + digest, "DELETE", u"manifests/"_s + digest, u"delete"_s);
    SANDGLASS_TRY(const HttpResponse response, m_session->send(request, cancel));
    const bool isRegistrysAnswer = parseJsonObject(response.body).has_value();
    if (isSuccess(response) || (response.status == 404 && isRegistrysAnswer))
        return {};
    Error error = m_session->errorOf(request, response);
    if (error.kind == ErrorKind::Unsupported)
        error.detail = u"deletion is disabled at this registry"_s;
    if (response.status == 404) {
        error.kind = ErrorKind::Unsupported;
        error.detail = u"this registry does not know deletion"_s;
    }
    return failure(error);
}

Result<bool> RegistryClient::hasBlob(const QString &digest, const CancelToken &cancel)
{
    SANDGLASS_CHECK(checkDigest(digest));
    const RegistryCall request =
        call(u"find blob "_s + digest, "HEAD", u"blobs/"_s + digest, u"pull"_s);
    SANDGLASS_TRY(const HttpResponse response, m_session->send(request, cancel));
    if (response.status == 404)
        return false;
    if (!isSuccess(response))
        return failure(m_session->errorOf(request, response));
    return true;
}

Done RegistryClient::readBlob(
    const QString &digest,
    const std::function<Done(QByteArrayView)> &sink,
    const CancelToken &cancel)
{
    SANDGLASS_CHECK(checkDigest(digest));
    RegistryCall request = call(u"read blob "_s + digest, "GET", u"blobs/"_s + digest, u"pull"_s);
    DigestCheck check(digest);
    request.sink = [&](QByteArrayView part) -> Done {
        check.add(part);
        return sink(part);
    };
    SANDGLASS_CHECK(send(request, cancel));
    if (const Done checked = check.finish(u"the blob"_s); !checked)
        return failure(m_session->inContext(checked.error(), request));
    return {};
}

Result<QString> RegistryClient::tryUpload(const CancelToken &cancel)
{
    const RegistryCall request =
        call(u"start an upload"_s, "POST", u"blobs/uploads/"_s, u"pull,push"_s);
    SANDGLASS_TRY(const HttpResponse response, send(request, cancel));
    RegistryCall end = call(u"cancel an upload"_s, "DELETE", {}, u"pull,push"_s);
    end.url = request.url.resolved(
        QUrl(QString::fromUtf8(response.header("Location")), QUrl::TolerantMode));
    if (response.header("Location").isEmpty())
        return u"the registry does not say where the upload is"_s;
    // Not with the token of the caller: a cancelled probe must not leave the upload either.
    const Result<HttpResponse> ended = m_session->send(end, {});
    if (!ended)
        return ended.error().summary();
    return isSuccess(*ended) || ended->status == 404 ? QString()
                                                     : m_session->errorOf(end, *ended).summary();
}

Done RegistryClient::tryCatalog(const CancelToken &cancel)
{
    RegistryCall request{u"list the repositories"_s};
    request.url = m_session->url(u"_catalog?n=1"_s);
    request.scope = u"registry:catalog:*"_s;
    SANDGLASS_TRY(const HttpResponse response, send(request, cancel));
    if (const Result<QJsonObject> object = parseJsonObject(response.body); !object)
        return failure(m_session->inContext(object.error(), request));
    return {};
}

RegistryCall RegistryClient::call(
    const QString &what,
    const QByteArray &method,
    const QString &path,
    const QString &actions) const
{
    RegistryCall call{what + u" in "_s + m_repository};
    call.method = method;
    call.url = m_session->url(m_repository + u'/' + path);
    call.scope = u"repository:%1:%2"_s.arg(m_repository, actions);
    return call;
}

Result<HttpResponse> RegistryClient::send(const RegistryCall &call, const CancelToken &cancel)
{
    SANDGLASS_TRY(HttpResponse response, m_session->send(call, cancel));
    if (!isSuccess(response))
        return failure(m_session->errorOf(call, response));
    return response;
}

} // namespace sandglass
