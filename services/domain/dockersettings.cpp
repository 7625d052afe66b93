#include "services/domain/dockersettings.h"

#include "services/core/json.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString usualSocket = u"unix:///var/run/docker.sock"_s;

/// The client ignores what TLS needs unless it is for TCP.
Result<EngineAddress> addressOf(const QString &host, const std::optional<TlsFiles> &tls)
{
    return EngineAddress::parse(host, host.startsWith("tcp:"_L1) ? tls : std::nullopt);
}

} // namespace

TlsFiles tlsFilesIn(const QString &folder, const QStringList &fileNames)
{
    const auto file = [&](const QString &name) {
        return fileNames.contains(name) ? folder + u'/' + name : QString();
    };
    return {file(u"ca.pem"_s), file(u"cert.pem"_s), file(u"key.pem"_s)};
}

Result<DockerEngine> engineOf(const DockerEnvironment &environment)
{
    const QString host = environment.host.isEmpty() ? usualSocket : environment.host;
    std::optional<TlsFiles> tls;
    if (environment.usesTls)
        tls = tlsFilesIn(environment.certificateFolder, environment.certificateFiles);
    const auto address = addressOf(host, tls);
    if (!address) {
        return failure(
            ErrorKind::InvalidArgument,
            u"DOCKER_HOST: %1; or start with --engine NAME=URL"_s.arg(address.error().detail));
    }
    return DockerEngine{u"local"_s, *address};
}

Result<DockerEngine> parseDockerContext(const QByteArray &meta, const std::optional<TlsFiles> &tls)
{
    const auto parsed = parseJsonObject(meta);
    if (!parsed) {
        return failure(
            ErrorKind::InvalidArgument,
            u"it is no context of Docker's client: %1"_s.arg(parsed.error().detail));
    }
    const QJsonObject &context = *parsed;
    const QString name = context["Name"_L1].toString();
    const QJsonObject endpoint = context["Endpoints"_L1]["docker"_L1].toObject();
    const QString host = endpoint["Host"_L1].toString();
    if (name.isEmpty() || host.isEmpty())
        return failure(ErrorKind::InvalidArgument, u"it names no engine"_s);
    if (endpoint["SkipTLSVerify"_L1].toBool()) {
        return failure(
            ErrorKind::InvalidArgument,
            u"context %1 does not check the engine's certificate"_s.arg(name));
    }
    SANDGLASS_TRY(const EngineAddress address, addressOf(host, tls));
    return DockerEngine{name, address};
}

} // namespace sandglass
