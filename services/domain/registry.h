#pragma once

#include "services/core/clock.h"
#include "services/domain/identifiers.h"
#include "services/domain/snapshot.h"

#include <optional>

namespace sandglass {

/// Where the credentials of a registry come from when they are needed.
enum class CredentialSource {
    Anonymous, ///< none are sent
    Keychain, ///< the system's keychain, under the registry's host and user name
    DockerHelper, ///< what Docker's config.json names for this host: credHelpers, credsStore
    ServiceCredential, ///< what systemd hands to a service (LoadCredential=), "registry.{name}"
};

[[nodiscard]] QString nameOf(CredentialSource source); ///< "anonymous", "keychain", …
[[nodiscard]] std::optional<CredentialSource> credentialSourceFrom(const QString &name);

/// An image registry, and what it is used for. Never holds a secret (design, section 9).
struct Registry
{
    RegistryName name;
    QString host; ///< "host[:port]", as it stands in references of images
    QString repository; ///< "team/snapshots": where the snapshots are
    bool insecure = false; ///< plain HTTP; never found out by trying
    QString authoritiesFile; ///< PEM, who may vouch for it; empty: whom the system trusts
    QList<NamespaceName> namespaces; ///< whose snapshots are pushed here by themselves
    int position = 0; ///< images are pulled from the smallest first; equal ones by name
    CredentialSource credentialSource = CredentialSource::Anonymous;
    QString username; ///< of the credential in the keychain; empty otherwise
    bool waitsForCredentials = true; ///< while they cannot be had; otherwise the work fails
    /// What a test or the work with it found out; nothing: not known yet.
    std::optional<bool> deletes;
    std::optional<bool> listsCatalog;
    QString rateLimit; ///< in the registry's words, "100;w=21600"; empty: it said nothing
    /// It wants no requests before this time (429); nothing: it takes them.
    std::optional<Timestamp> pausedUntil;
    std::optional<Timestamp> lastSeenAt; ///< when it last answered
    QString error; ///< why it did not answer when it was last asked, for people; empty: it did
    qint64 changeSeq = 0;

    bool operator==(const Registry &) const = default;
};

/// InvalidArgument, with what is wrong: the host, the repository (distribution spec, "name"), the
/// file's path, a CA file beside plain HTTP, a user name that its source does not use.
[[nodiscard]] Done validateRegistry(const Registry &registry);

/// "{host}/{repository}:{sandbox}-{snapshot}" (design, section 8).
[[nodiscard]] QString
registryReference(const Registry &registry, const SandboxId &sandbox, const SnapshotId &snapshot);
/// "{host}/{repository}:{tag}" and "{host}/{repository}@{digest}".
[[nodiscard]] QString taggedReference(const Registry &registry, const QString &tag);
[[nodiscard]] QString digestReference(const Registry &registry, const QString &digest);

/// The host that answers the registry API: "registry-1.docker.io" for Docker Hub, else the same.
[[nodiscard]] QString apiHostOf(const QString &host);
/// Under which name Docker keeps a login of this registry in its config.json, and how an engine is
/// told it: "https://index.docker.io/v1/" for Docker Hub (fact P6), else the host.
[[nodiscard]] QString serverAddressOf(const QString &host);

/// Whether everybody on the way can read what is said, and the password with it: plain HTTP, but to
/// this machine.
[[nodiscard]] bool isExposed(const Registry &registry);

} // namespace sandglass
