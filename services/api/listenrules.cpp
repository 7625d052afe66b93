#include "services/api/listenrules.h"

#include <QRegularExpression>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<ListenEndpoint> ListenEndpoint::parse(const QString &text)
{
    static const QRegularExpression pattern(
        u"\\A(?:\\[([^\\s\\[\\]]+)\\]|([^:\\s\\[\\]]+)):([0-9]{1,5})\\z"_s);
    const QRegularExpressionMatch match = pattern.match(text);
    const QString host = match.captured(1) + match.captured(2);
    bool isPort = false;
    ListenEndpoint endpoint;
    endpoint.port = match.captured(3).toUShort(&isPort);
    if (host != "localhost"_L1)
        endpoint.address = QHostAddress(host);
    const bool isIpv6 = endpoint.address.protocol() == QAbstractSocket::IPv6Protocol;
    if (!isPort || endpoint.address.isNull() || isIpv6 != match.capturedView(2).isEmpty()) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" is not an address to listen at; write 127.0.0.1:8900 or [::1]:8900"_s.arg(
                text.left(200)));
    }
    return endpoint;
}

Result<ListenScheme>
decideListenScheme(const QHostAddress &address, bool hasCertificate, bool allowsInsecure)
{
    if (hasCertificate)
        return ListenScheme::Https;
    if (address.isLoopback() || allowsInsecure)
        return ListenScheme::Http;
    return failure(
        ErrorKind::InvalidArgument,
        u"%1 is not a loopback address: give a certificate and its key, or say explicitly that the API is to be insecure"_s
            .arg(address.toString()));
}

} // namespace sandglass
