#pragma once

#include "services/domain/credential.h"
#include "services/domain/registry.h"
#include "services/net/httptransport.h"
#include "services/registry/manifest.h"

#include <functional>
#include <memory>

namespace sandglass {

class RegistrySession;
struct RegistryCall;

/// One repository of a registry, by the distribution API. Used by one thread at a time, any thread
/// but the main thread; every call blocks until the answer is complete, the token is cancelled or
/// the registry is silent for 30 s. No call repeats what failed, but for one new login.
///
/// Errors of every call: Unreachable, Untrusted, TimedOut, Cancelled; Unauthorized (the login is
/// wrong, or missing), PermissionDenied (it is right, and this is not allowed to it), RateLimited
/// with retryAfter, Registry with httpStatus (5xx), Protocol (what answers there is no registry, or
/// says what it must not). remoteMessage has the registry's own words. None has a secret in it.
class RegistryClient
{
public:
    /// Connects to nothing yet. Docker Hub's own repositories, which have no '/', are meant with
    /// "library/" before them. The file of authorities is read once.
    RegistryClient(const Registry &registry, std::optional<Credential> credential);
    ~RegistryClient();
    RegistryClient(const RegistryClient &) = delete;
    RegistryClient &operator=(const RegistryClient &) = delete;

    /// GET /v2/, with the login: that it is a registry, and that it takes the login.
    [[nodiscard]] Done ping(const CancelToken &cancel = {});

    /// What a tag or a digest stands for, without reading it where the registry says enough (facts
    /// R3, R4); nothing when the registry does not have it.
    [[nodiscard]] Result<std::optional<ManifestDescriptor>>
    findManifest(const QString &tagOrDigest, const CancelToken &cancel = {});
    /// NotFound; Protocol when the bytes do not have the digest that was asked for, or that the
    /// registry gives them.
    [[nodiscard]] Result<Manifest>
    manifest(const QString &tagOrDigest, const CancelToken &cancel = {});

    /// All tags, in the registry's order; none of a repository that it does not know. LimitReached
    /// at 100,000.
    [[nodiscard]] Result<QStringList> tags(const CancelToken &cancel = {});

    /// Puts a manifest that the registry has under one more tag, which stands for it from then on.
    [[nodiscard]] Done
    putManifest(const QString &tag, const Manifest &manifest, const CancelToken &cancel = {});

    /// Takes the manifest away, and with it every tag that stands for it (fact R2); it is fine when
    /// it is not there any more. What it referred to goes with the registry's next garbage
    /// collection. Unsupported when the registry does not delete (fact R1).
    [[nodiscard]] Done deleteManifest(const QString &digest, const CancelToken &cancel = {});

    [[nodiscard]] Result<bool> hasBlob(const QString &digest, const CancelToken &cancel = {});
    /// Hands the blob to the sink as it comes. The digest is known at the end alone: with an error,
    /// a Protocol error for another digest too, what the sink got is worth nothing. NotFound.
    [[nodiscard]] Done readBlob(
        const QString &digest,
        const std::function<Done(QByteArrayView)> &sink,
        const CancelToken &cancel = {});

    /// What the registry said last about how many requests it takes, "100;w=21600", and what is
    /// left of that; empty: nothing.
    [[nodiscard]] QString rateLimit() const;
    [[nodiscard]] QString rateLimitRemaining() const;

    // For a probe of what is allowed; none of them changes anything.

    /// GET /v2/ without the login: whether there is a registry that can be trusted. A 401 is fine.
    [[nodiscard]] Done reach(const CancelToken &cancel = {});
    [[nodiscard]] bool isAnonymous() const;
    /// Whether uploads may be started; the one that shows it is cancelled. NotFound when the
    /// repository must be made first; Unsupported when the registry takes no pushes. What is
    /// returned says why the upload could not be cancelled, and is empty when it was.
    [[nodiscard]] Result<QString> tryUpload(const CancelToken &cancel = {});
    /// Whether the registry lists its repositories.
    [[nodiscard]] Done tryCatalog(const CancelToken &cancel = {});

private:
    [[nodiscard]] RegistryCall
    call(const QString &what, const QByteArray &method, const QString &path, const QString &actions)
        const;
    [[nodiscard]] Result<HttpResponse>
    send(const RegistryCall &call, const CancelToken &cancel); // 2xx alone

    QString m_repository;
    std::unique_ptr<RegistrySession> m_session;
};

} // namespace sandglass
