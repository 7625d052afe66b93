#pragma once

#include "services/core/canceltoken.h"
#include "services/core/result.h"
#include "services/domain/credential.h"
#include "services/domain/registry.h"
#include "services/secrets/secretstore.h"

#include <QList>

namespace sandglass {

/// A login of Docker's client that can be imported, without what is secret in it.
struct ImportableLogin
{
    QString host;
    QString username; ///< for Registry::username; "<token>" when it is an identity token
    bool operator==(const ImportableLogin &) const = default;
};

/// The credentials of registries, wherever each comes from. Keeps none: each is fetched when it is
/// used. Blocks, on worker threads; thread-safe if the store is. Errors are those of SecretStore,
/// dockerCredential() and serviceCredential().
class RegistryCredentials
{
public:
    /// The folders are Docker's own (~/.docker, $DOCKER_CONFIG) and systemd's
    /// ($CREDENTIALS_DIRECTORY; empty: none).
    RegistryCredentials(
        SecretStore &store, QString dockerConfigFolder, QString serviceCredentialsFolder);
    RegistryCredentials(const RegistryCredentials &) = delete;
    RegistryCredentials &operator=(const RegistryCredentials &) = delete;

    /// With what to log in there now; nothing when it is anonymous. CredentialsMissing: its source
    /// has none.
    [[nodiscard]] Result<std::optional<Credential>>
    of(const Registry &registry, const CancelToken &cancel) const;

    /// Puts it into the keychain, in the place of the one of the same host and user. The user of an
    /// identity token is "<token>", and so must Registry::username be.
    [[nodiscard]] Done
    keep(const Registry &registry, const Credential &credential, const CancelToken &cancel) const;

    /// Removes it from the keychain; there may be none.
    [[nodiscard]] Done
    forget(const QString &host, const QString &username, const CancelToken &cancel) const;

    /// What config.json has in plain text; empty when there is no such file.
    [[nodiscard]] Result<QList<ImportableLogin>> dockerLogins() const;

    /// Copies such a login into the keychain, and leaves config.json as it is. NotFound.
    [[nodiscard]] Result<ImportableLogin>
    importDockerLogin(const QString &host, const CancelToken &cancel) const;

private:
    [[nodiscard]] Result<QByteArray> dockerConfigBytes() const;
    [[nodiscard]] Result<Credential>
    fromKeychain(const Registry &registry, const CancelToken &cancel) const;
    [[nodiscard]] Result<Credential>
    fromDocker(const Registry &registry, const CancelToken &cancel) const;
    [[nodiscard]] Done
    write(const QString &host, const Credential &credential, const CancelToken &cancel) const;

    SecretStore &m_store;
    QString m_dockerConfigFolder;
    QString m_serviceCredentialsFolder;
};

/// Under which key the keychain has the secret of a user of a registry: "{host}/{username}".
[[nodiscard]] QString keychainKey(const QString &host, const QString &username);

} // namespace sandglass
