#include "services/secrets/registryauthheader.h"

#include "services/core/json.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Secret registryAuthHeader(const std::optional<Credential> &credential, const QString &serverAddress)
{
    QJsonObject login;
    if (credential) {
        login["serveraddress"_L1] = serverAddress;
        if (!credential->username.isEmpty())
            login["username"_L1] = credential->username;
        if (credential->identityToken.isEmpty())
            login["password"_L1] = QString::fromUtf8(credential->password.reveal());
        else
            login["identitytoken"_L1] = QString::fromUtf8(credential->identityToken.reveal());
    }
    const Secret json(toBytes(login));
    return Secret(json.reveal().toBase64(QByteArray::Base64UrlEncoding));
}

} // namespace sandglass
