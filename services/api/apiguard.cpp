#include "services/api/apiguard.h"

#include <QNetworkInterface>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray hostName(const QHostAddress &address)
{
    const QByteArray text = address.toString().toLower().toLatin1();
    return address.protocol() == QAbstractSocket::IPv6Protocol ? '[' + text + ']' : text;
}

/// The addresses at which a listener on this one is reached.
QList<QHostAddress> reachableAddresses(const QHostAddress &listenAddress)
{
    const bool isWildcard = listenAddress == QHostAddress(QHostAddress::Any)
        || listenAddress == QHostAddress(QHostAddress::AnyIPv4)
        || listenAddress == QHostAddress(QHostAddress::AnyIPv6);
    QList<QHostAddress> addresses{
        QHostAddress(QHostAddress::LocalHost),
        QHostAddress(QHostAddress::LocalHostIPv6),
        listenAddress};
    if (isWildcard)
        addresses += QNetworkInterface::allAddresses();
    return addresses;
}

struct HostAndPort
{
    QByteArray name; ///< an IPv6 address with its brackets
    QByteArray port; ///< empty: the scheme's
};

HostAndPort split(const QByteArray &host)
{
    const qsizetype colon = host.lastIndexOf(':');
    if (colon <= host.lastIndexOf(']'))
        return {host, {}};
    return {host.left(colon), host.mid(colon + 1)};
}

bool isDefaultPort(quint16 port)
{
    return port == 80 || port == 443;
}

} // namespace

ApiGuard::ApiGuard(Options options)
    : m_token(std::move(options.token))
    , m_names{"localhost"}
{
    for (const QHostAddress &address : reachableAddresses(options.listenAddress))
        m_names.append(hostName(address));
    for (const QString &extra : std::as_const(options.extraHosts))
        m_extraHosts.append(extra.toLower().toLatin1());
}

std::optional<ApiResponse> ApiGuard::refusal(const ApiRequest &request) const
{
    const QByteArray host = request.headers.value("host").toLower();
    if (host.isEmpty())
        return errorResponse(400, u"host_missing"_s, u"the request has no Host header"_s);
    if (!isOwnHost(host, request.serverPort))
        return errorResponse(
            421, u"foreign_host"_s, u"this service is not known by the request's Host"_s);
    if (request.headers.contains("origin")) {
        const QByteArray origin = request.headers.value("origin").toLower();
        if (origin != "http://" + host && origin != "https://" + host)
            return errorResponse(
                403, u"foreign_origin"_s, u"requests of other origins are not accepted"_s);
    }
    const bool isOpen =
        request.path == "/healthz" || request.path == "/readyz" || request.path == "/metrics";
    if (!isOpen && !hasToken(request)) {
        ApiResponse refused = errorResponse(
            401,
            u"unauthorized"_s,
            u"the header \"Authorization: Bearer <token>\" is missing or wrong"_s);
        refused.headers.emplaceBack("WWW-Authenticate", "Bearer realm=\"sandglass\"");
        return refused;
    }
    return std::nullopt;
}

bool ApiGuard::isOwnHost(const QByteArray &host, quint16 port) const
{
    const HostAndPort parts = split(host);
    const bool isOwnPort =
        parts.port.isEmpty() ? isDefaultPort(port) : parts.port == QByteArray::number(port);
    return (isOwnPort && m_names.contains(parts.name)) || m_extraHosts.contains(host)
        || m_extraHosts.contains(parts.name);
}

bool ApiGuard::hasToken(const ApiRequest &request) const
{
    static const QByteArray scheme = "bearer ";
    const QByteArray authorization = request.headers.value("authorization");
    return authorization.left(scheme.size()).toLower() == scheme
        && m_token.matches(authorization.mid(scheme.size()).trimmed());
}

std::optional<ApiResponse> refusalOfContentType(const ApiRequest &request)
{
    const QByteArray type = request.headers.value("content-type").toLower();
    const bool isJson = type.split(';').constFirst().trimmed() == "application/json";
    if (request.body.isEmpty() || isJson)
        return std::nullopt;
    return errorResponse(
        415, u"unsupported_media_type"_s, u"a body must have the content type application/json"_s);
}

} // namespace sandglass
