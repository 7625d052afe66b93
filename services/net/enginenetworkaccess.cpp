#include "services/net/enginenetworkaccess.h"

#include "services/net/enginereply.h"
#include "services/net/sshconnection.h"
#include "services/net/tlsconnection.h"
#include "services/net/unixconnection.h"

namespace sandglass {

namespace {

constexpr int mostIdleConnections = 4;

QByteArray methodOf(QNetworkAccessManager::Operation operation, const QNetworkRequest &request)
{
    switch (operation) {
    case QNetworkAccessManager::HeadOperation:
        return "HEAD";
    case QNetworkAccessManager::GetOperation:
        return "GET";
    case QNetworkAccessManager::PutOperation:
        return "PUT";
    case QNetworkAccessManager::PostOperation:
        return "POST";
    case QNetworkAccessManager::DeleteOperation:
        return "DELETE";
    default:
        return request.attribute(QNetworkRequest::CustomVerbAttribute).toByteArray();
    }
}

} // namespace

EngineNetworkAccess::EngineNetworkAccess(EngineEndpoint endpoint, QObject *parent)
    : QNetworkAccessManager(parent)
    , m_endpoint(std::move(endpoint))
{ }

EngineConnection *EngineNetworkAccess::takeIdleConnection()
{
    while (!m_idle.isEmpty()) {
        EngineConnection *connection = m_idle.takeLast();
        if (connection->isIdle())
            return connection;
        connection->discard();
    }
    return nullptr;
}

EngineConnection *EngineNetworkAccess::makeConnection(ChannelUse use)
{
    const EngineAddress &address = m_endpoint.address;
    switch (address.scheme) {
    case EngineAddress::Scheme::Unix:
        return new UnixConnection(address.socketPath, this);
    case EngineAddress::Scheme::Ssh:
        return new SshConnection(address, m_endpoint.channels, use, this);
    case EngineAddress::Scheme::Tcp:
        break;
    }
    if (address.tls)
        return new TlsConnection(address, this);
    return new TcpConnection(address, this);
}

void EngineNetworkAccess::keep(EngineConnection *connection)
{
    if (connection->handOver() || m_idle.size() == mostIdleConnections) {
        connection->discard();
        return;
    }
    connection->setServedBefore();
    m_idle.append(connection);
}

QNetworkReply *EngineNetworkAccess::createRequest(
    Operation operation, const QNetworkRequest &request, QIODevice *body)
{
    return new EngineReply(*this, operation, methodOf(operation, request), request, body);
}

} // namespace sandglass
