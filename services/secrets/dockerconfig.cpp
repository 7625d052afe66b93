#include "services/secrets/dockerconfig.h"

#include "services/core/json.h"
#include "services/domain/registry.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Error unreadable(const QString &host)
{
    return {
        ErrorKind::Protocol, u"the login for %1 in Docker's config.json"_s.arg(host), {}, {}, 0};
}

/// "auth" is base64 of user:password; Docker fills it up with zeros. An entry without any login
/// says only that a credential helper has one.
Result<Credential> credentialOf(const QString &host, const QJsonObject &entry)
{
    Credential credential;
    const QByteArray encoded = entry.value("auth"_L1).toString().toLatin1();
    if (encoded.isEmpty()) {
        credential.username = entry.value("username"_L1).toString();
        credential.password = Secret(entry.value("password"_L1).toString().toUtf8());
    } else {
        const auto decoded =
            QByteArray::fromBase64Encoding(encoded, QByteArray::AbortOnBase64DecodingErrors);
        const Secret pair(decoded.decoded); // wipes it
        const qsizetype colon = pair.reveal().indexOf(':');
        if (!decoded || colon < 0)
            return failure(unreadable(host));
        QByteArray password = pair.reveal().mid(colon + 1);
        while (password.endsWith('\0'))
            password.chop(1);
        credential.username = QString::fromUtf8(pair.reveal().first(colon));
        credential.password = Secret(std::move(password));
    }
    credential.identityToken = Secret(entry.value("identitytoken"_L1).toString().toUtf8());
    return credential;
}

} // namespace

QString credentialHostOf(const QString &dockerKey)
{
    QString host = dockerKey.toLower();
    for (const QString &scheme : {u"https://"_s, u"http://"_s}) {
        if (host.startsWith(scheme))
            host.remove(0, scheme.size());
    }
    host = host.section(u'/', 0, 0);
    return serverAddressOf(host) == serverAddressOf(u"docker.io"_s) ? u"docker.io"_s : host;
}

Result<DockerConfig> parseDockerConfig(const QByteArray &bytes)
{
    DockerConfig config;
    if (bytes.trimmed().isEmpty())
        return config;
    auto parsed = parseJsonObject(bytes);
    if (!parsed) {
        return failure(ErrorKind::Protocol, u"Docker's config.json is "_s + parsed.error().detail);
    }
    config.credentialsStore = parsed->value("credsStore"_L1).toString();
    const QJsonObject helpers = parsed->value("credHelpers"_L1).toObject();
    for (auto helper = helpers.begin(); helper != helpers.end(); ++helper)
        config.credentialHelpers.insert(credentialHostOf(helper.key()), helper->toString());

    QMap<QString, Credential> byHost;
    const QJsonObject logins = parsed->value("auths"_L1).toObject();
    for (auto login = logins.begin(); login != logins.end(); ++login) {
        const QString host = credentialHostOf(login.key());
        SANDGLASS_TRY(Credential credential, credentialOf(host, login->toObject()));
        if (!credential.password.isEmpty() || !credential.identityToken.isEmpty())
            byHost.insert(host, std::move(credential));
    }
    for (auto login = byHost.begin(); login != byHost.end(); ++login)
        config.logins.append(DockerLogin{login.key(), *login});
    return config;
}

Result<QList<DockerLogin>> loginsOf(const QByteArray &bytes)
{
    SANDGLASS_TRY(DockerConfig config, parseDockerConfig(bytes));
    return std::move(config.logins);
}

QString helperFor(const DockerConfig &config, const QString &host)
{
    return config.credentialHelpers.value(credentialHostOf(host), config.credentialsStore);
}

} // namespace sandglass
