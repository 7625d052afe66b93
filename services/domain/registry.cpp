#include "services/domain/registry.h"

#include "services/core/names.h"
#include "services/domain/imagereference.h"

#include <QRegularExpression>

#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int longestHost = 253 + 6; // a DNS name and a port
constexpr int longestRepository = 255; // with the host and '/', distribution spec
constexpr int largestPort = 65'535;

const std::array credentialSourceNames{
    std::pair{CredentialSource::Anonymous, u"anonymous"_s},
    std::pair{CredentialSource::Keychain, u"keychain"_s},
    std::pair{CredentialSource::DockerHelper, u"docker_helper"_s},
    std::pair{CredentialSource::ServiceCredential, u"service_credential"_s},
};

bool isDockerHub(const QString &host)
{
    return host == "docker.io"_L1 || host == "index.docker.io"_L1
        || host == "registry-1.docker.io"_L1;
}

/// What engines take for a host in a reference: it has a dot or a port, or is "localhost"; an IPv6
/// address in brackets is an invalid reference for them (seen with 20.10).
Done checkHost(const QString &host)
{
    static const QRegularExpression pattern(
        uR"(\A([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(:(?<port>[0-9]{1,5}))?\z)"_s);
    const QRegularExpressionMatch match = pattern.match(host);
    const QString port = match.captured(u"port"_s);
    const bool isHost = host.contains(u'.') || !port.isEmpty() || host == "localhost"_L1;
    if (!match.hasMatch() || !isHost || host.size() > longestHost
        || (!port.isEmpty() && (port.toInt() < 1 || port.toInt() > largestPort))) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" is not a registry; write host or host:port, such as registry.example.com:5000"_s
                .arg(host.left(80)));
    }
    return {};
}

Done checkRepository(const QString &repository, const QString &host)
{
    static const QRegularExpression pattern(
        uR"(\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z)"_s);
    if (!pattern.match(repository).hasMatch()
        || host.size() + 1 + repository.size() > longestRepository) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" is not a repository; write small letters, digits and . _ - in parts "
            "separated by /, such as team/snapshots"_s.arg(repository.left(80)));
    }
    return {};
}

} // namespace

QString nameOf(CredentialSource source)
{
    return nameIn(credentialSourceNames, source);
}

std::optional<CredentialSource> credentialSourceFrom(const QString &name)
{
    for (const auto &[source, known] : credentialSourceNames) {
        if (known == name)
            return source;
    }
    return std::nullopt;
}

Done validateRegistry(const Registry &registry)
{
    SANDGLASS_CHECK(checkHost(registry.host));
    SANDGLASS_CHECK(checkRepository(registry.repository, registry.host));
    if (!registry.authoritiesFile.isEmpty() && !registry.authoritiesFile.startsWith(u'/')) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" is not a whole path"_s.arg(registry.authoritiesFile.left(200)));
    }
    if (registry.insecure && !registry.authoritiesFile.isEmpty()) {
        return failure(
            ErrorKind::InvalidArgument, u"a CA file has no use with plain HTTP: choose one"_s);
    }
    const bool inKeychain = registry.credentialSource == CredentialSource::Keychain;
    if (inKeychain == registry.username.isEmpty()) {
        return failure(
            ErrorKind::InvalidArgument,
            inKeychain ? u"a user name is missing for the credential in the keychain"_s
                       : u"a user name goes with a credential in the keychain only"_s);
    }
    return {};
}

QString
registryReference(const Registry &registry, const SandboxId &sandbox, const SnapshotId &snapshot)
{
    return taggedReference(registry, snapshotTag(sandbox, snapshot));
}

QString taggedReference(const Registry &registry, const QString &tag)
{
    return registry.host + u'/' + registry.repository + u':' + tag;
}

QString digestReference(const Registry &registry, const QString &digest)
{
    return registry.host + u'/' + registry.repository + u'@' + digest;
}

QString apiHostOf(const QString &host)
{
    return isDockerHub(host) ? u"registry-1.docker.io"_s : host;
}

QString serverAddressOf(const QString &host)
{
    return isDockerHub(host) ? u"https://index.docker.io/v1/"_s : host;
}

bool isExposed(const Registry &registry)
{
    static const QRegularExpression loopback(
        uR"(\A(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3})(:\d+)?\z)"_s);
    return registry.insecure && !loopback.match(registry.host).hasMatch();
}

} // namespace sandglass
