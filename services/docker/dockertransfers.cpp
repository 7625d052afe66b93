#include "services/core/secret.h"
#include "services/docker/dockerclient.h"
#include "services/docker/enginecall.h"
#include "services/docker/transfererror.h"
#include "services/domain/imagereference.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A reference without its tag and digest, and the one of the two that it had. With both, the
/// digest counts.
struct SplitReference
{
    QString repository;
    QString tag;
    QString digest;
};

SplitReference split(const QString &reference)
{
    SplitReference parts;
    const qsizetype at = reference.indexOf(u'@');
    const QString name = reference.left(at < 0 ? reference.size() : at);
    parts.digest = at < 0 ? QString() : reference.mid(at + 1);
    const qsizetype colon = name.indexOf(u':', name.lastIndexOf(u'/') + 1);
    parts.repository = name.left(colon < 0 ? name.size() : colon);
    parts.tag = colon < 0 ? QString() : name.mid(colon + 1);
    return parts;
}

void addRegistryAuth(HttpRequest &request, const Secret &auth)
{
    // An engine of before version 23 refuses a push without the header; "{}" is nobody (fact P5).
    request.headers.append({"X-Registry-Auth", auth.isEmpty() ? "e30=" : auth.reveal()});
}

/// A full disk may as well be the engine's own.
Remote remoteOf(const TransferFailure &failure)
{
    return failure.kind == ErrorKind::StorageFull ? Remote::Engine : Remote::RegistryByEngine;
}

} // namespace

Result<PushedImage> DockerClient::push(
    const QString &repository,
    const QString &tag,
    const Secret &registryAuth,
    const TransferListener &listener,
    const CancelToken &cancel)
{
    SANDGLASS_CHECK(validateTag(tag)); // without one, every tag would be pushed (fact P3)
    if (split(repository).repository != repository) {
        return failure(ErrorKind::InvalidArgument, u"\"%1\" has a tag"_s.arg(repository.left(200)));
    }
    HttpRequest request;
    request.method = "POST";
    SANDGLASS_TRY(request.path, imagePath(repository, u"/push"_s));
    addToQuery(request.query, u"tag"_s, tag);
    addRegistryAuth(request, registryAuth);
    const QString what = u"push image %1:%2"_s.arg(repository, tag);
    TransferStream stream(listener);
    SANDGLASS_CHECK(transfer(request, what, stream, cancel));
    if (stream.digest().isEmpty()) {
        return failure(Error{
            ErrorKind::Protocol,
            what + u": the answer ends without a digest"_s,
            origin(request),
            {},
            0});
    }
    return PushedImage{
        stream.digest(), stream.manifestBytes(), repository, tag, stream.onePlatformOnly()};
}

Result<PulledImage> DockerClient::pull(
    const QString &reference,
    const Secret &registryAuth,
    const TransferListener &listener,
    const CancelToken &cancel)
{
    SANDGLASS_CHECK(validateImageReference(reference));
    const SplitReference parts = split(reference);
    if (parts.tag.isEmpty() && parts.digest.isEmpty()) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" has neither tag nor digest"_s.arg(reference.left(200)));
    }
    HttpRequest request;
    request.method = "POST";
    request.path = u"/images/create"_s;
    addToQuery(request.query, u"fromImage"_s, parts.repository);
    addToQuery(request.query, u"tag"_s, parts.digest.isEmpty() ? parts.tag : parts.digest);
    addRegistryAuth(request, registryAuth);
    const QString what = u"pull image "_s + reference;
    TransferStream stream(listener);
    SANDGLASS_CHECK(transfer(request, what, stream, cancel));

    // The engine's own record has the last word (fact P9). It is also where the digest comes from
    // when the stream does not say it, as Podman's.
    SANDGLASS_TRY(
        const ImageDetails image,
        inspectImage(
            parts.digest.isEmpty() ? reference : parts.repository + u'@' + parts.digest, cancel));
    QString digest = parts.digest.isEmpty() ? stream.digest() : parts.digest;
    if (digest.isEmpty() && image.repoDigests.size() == 1)
        digest = image.repoDigests.first().section(u'@', 1);
    const bool recorded =
        std::ranges::any_of(image.repoDigests, [&digest](const QString &repoDigest) {
            return !digest.isEmpty() && repoDigest.endsWith(u'@' + digest);
        });
    if (!recorded) {
        const QString found = image.repoDigests.join(u", "_s);
        return failure(Error{
            ErrorKind::Protocol,
            what + u": the engine has it as \"%1\""_s.arg(found),
            origin(request),
            {},
            0});
    }
    return PulledImage{digest, image.id};
}

Done DockerClient::transfer(
    const HttpRequest &request,
    const QString &what,
    TransferStream &stream,
    const CancelToken &cancel)
{
    HttpRequest sent = request;
    sent.idleLimit = 0ms; // it takes as long as the layers are large
    sent.liveness = Liveness{u"/_ping"_s};
    sent.sink = [&stream](QByteArrayView piece) { return stream.take(piece); };
    if (const auto response = call(sent, what, cancel); !response) {
        Error error = response.error();
        if (const auto known = transferFailure(error.remoteMessage)) {
            error.kind = known->kind;
            error.remote = remoteOf(*known);
            if (known->httpStatus != 0)
                error.httpStatus = known->httpStatus;
        }
        return failure(error);
    }
    if (const Done complete = stream.finish(); !complete)
        return failure(inContext(complete.error(), request, what));
    if (!stream.error().isEmpty()) {
        const auto recognised = transferFailure(stream.error());
        const TransferFailure known = recognised.value_or(TransferFailure{});
        const QString detail = stream.contentMissing()
            ? what + u": the engine does not have all of its content"_s
            : what;
        Error error{known.kind, detail, origin(request), stream.error(), known.httpStatus};
        if (recognised)
            error.remote = remoteOf(*recognised);
        return failure(error);
    }
    return {};
}

} // namespace sandglass
