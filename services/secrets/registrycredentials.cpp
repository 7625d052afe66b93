#include "services/secrets/registrycredentials.h"

#include "services/secrets/dockerconfig.h"
#include "services/secrets/dockercredentials.h"
#include "services/secrets/servicecredential.h"

#include <QDir>
#include <QFile>

#include <utility>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 longestConfig = 1024 * 1024;

/// The user under whom the keychain has it.
QString userOf(const Credential &credential)
{
    return credential.identityToken.isEmpty() ? credential.username : identityTokenUser();
}

} // namespace

RegistryCredentials::RegistryCredentials(
    SecretStore &store, QString dockerConfigFolder, QString serviceCredentialsFolder)
    : m_store(store)
    , m_dockerConfigFolder(std::move(dockerConfigFolder))
    , m_serviceCredentialsFolder(std::move(serviceCredentialsFolder))
{ }

Result<std::optional<Credential>>
RegistryCredentials::of(const Registry &registry, const CancelToken &cancel) const
{
    switch (registry.credentialSource) {
    case CredentialSource::Anonymous:
        break;
    case CredentialSource::Keychain: {
        SANDGLASS_TRY(auto credential, fromKeychain(registry, cancel));
        return credential;
    }
    case CredentialSource::DockerHelper: {
        SANDGLASS_TRY(auto credential, fromDocker(registry, cancel));
        return credential;
    }
    case CredentialSource::ServiceCredential: {
        SANDGLASS_TRY(
            auto credential, serviceCredential(m_serviceCredentialsFolder, registry.name));
        return credential;
    }
    }
    return std::nullopt;
}

Result<Credential>
RegistryCredentials::fromKeychain(const Registry &registry, const CancelToken &cancel) const
{
    SANDGLASS_TRY(auto secret, m_store.read(keychainKey(registry.host, registry.username), cancel));
    if (!secret) {
        return failure(
            ErrorKind::CredentialsMissing,
            u"the keychain has none of %1 for %2"_s.arg(registry.username, registry.host));
    }
    if (registry.username == identityTokenUser())
        return Credential{{}, {}, *std::move(secret)};
    return Credential{registry.username, *std::move(secret), {}};
}

Result<Credential>
RegistryCredentials::fromDocker(const Registry &registry, const CancelToken &cancel) const
{
    SANDGLASS_TRY(const QByteArray bytes, dockerConfigBytes());
    SANDGLASS_TRY(const DockerConfig config, parseDockerConfig(bytes));
    const QString name = helperFor(config, registry.host);
    if (name.isEmpty()) {
        return failure(
            ErrorKind::CredentialsMissing,
            u"Docker's config.json names no credential helper for "_s + registry.host);
    }
    return dockerCredential(name, serverAddressOf(registry.host), cancel);
}

Done RegistryCredentials::keep(
    const Registry &registry, const Credential &credential, const CancelToken &cancel) const
{
    return write(registry.host, credential, cancel);
}

Done RegistryCredentials::write(
    const QString &host, const Credential &credential, const CancelToken &cancel) const
{
    const bool isToken = !credential.identityToken.isEmpty();
    const Secret &secret = isToken ? credential.identityToken : credential.password;
    if (secret.isEmpty() || userOf(credential).isEmpty()) {
        return failure(
            ErrorKind::InvalidArgument, u"a credential needs a user name and a password"_s);
    }
    return m_store.write(keychainKey(host, userOf(credential)), secret, cancel);
}

Done RegistryCredentials::forget(
    const QString &host, const QString &username, const CancelToken &cancel) const
{
    return m_store.remove(keychainKey(host, username), cancel);
}

Result<QList<ImportableLogin>> RegistryCredentials::dockerLogins() const
{
    SANDGLASS_TRY(const QByteArray bytes, dockerConfigBytes());
    SANDGLASS_TRY(const QList<DockerLogin> logins, loginsOf(bytes));
    QList<ImportableLogin> importable;
    for (const DockerLogin &login : logins)
        importable.append(ImportableLogin{login.host, userOf(login.credential)});
    return importable;
}

Result<ImportableLogin>
RegistryCredentials::importDockerLogin(const QString &host, const CancelToken &cancel) const
{
    SANDGLASS_TRY(const QByteArray bytes, dockerConfigBytes());
    SANDGLASS_TRY(const QList<DockerLogin> logins, loginsOf(bytes));
    for (const DockerLogin &login : logins) {
        if (login.host == credentialHostOf(host)) {
            SANDGLASS_CHECK(write(login.host, login.credential, cancel));
            return ImportableLogin{login.host, userOf(login.credential)};
        }
    }
    return failure(ErrorKind::NotFound, u"a login for %1 in Docker's config.json"_s.arg(host));
}

/// Empty when there is no such file.
Result<QByteArray> RegistryCredentials::dockerConfigBytes() const
{
    QFile file(QDir(m_dockerConfigFolder).filePath(u"config.json"_s));
    if (!file.exists())
        return QByteArray();
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(
            ErrorKind::CredentialsMissing,
            u"Docker's config.json cannot be read: "_s + file.errorString());
    }
    QByteArray bytes = file.read(longestConfig + 1);
    if (bytes.size() > longestConfig)
        return failure(ErrorKind::Protocol, u"Docker's config.json is too long"_s);
    return bytes;
}

QString keychainKey(const QString &host, const QString &username)
{
    return credentialHostOf(host) + u'/' + username;
}

} // namespace sandglass
