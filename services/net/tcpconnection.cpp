#include "services/net/tcpconnection.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

TcpConnection::TcpConnection(EngineAddress address, QObject *parent)
    : TcpConnection(std::move(address), new QTcpSocket, parent)
{
    connect(&stream(), &QAbstractSocket::connected, this, &TcpConnection::reportOpened);
}

TcpConnection::TcpConnection(EngineAddress address, QTcpSocket *stream, QObject *parent)
    : EngineConnection(stream, parent)
    , m_address(std::move(address))
{
    connect(stream, &QAbstractSocket::errorOccurred, this, [this] {
        const ConnectProblem problem = openProblem();
        Q_EMIT
        notOpened(problem.error, problem.detail);
    });
}

void TcpConnection::openConnection()
{
    Q_EMIT
    connecting();
    stream().connectToHost(m_address.host, m_address.port);
}

void TcpConnection::reportOpened()
{
    stream().setSocketOption(QAbstractSocket::LowDelayOption, 1);
    stream().setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    disconnect(&stream(), &QAbstractSocket::errorOccurred, this, nullptr);
    Q_EMIT
    opened();
}

ConnectProblem TcpConnection::openProblem() const
{
    const QTcpSocket &socket = stream();
    switch (socket.error()) {
    case QAbstractSocket::ConnectionRefusedError:
        return {QNetworkReply::ConnectionRefusedError, u"connection refused"_s};
    case QAbstractSocket::HostNotFoundError:
        return {QNetworkReply::HostNotFoundError, u"the host name is not known"_s};
    default:
        return {QNetworkReply::UnknownNetworkError, u"no connection: "_s + socket.errorString()};
    }
}

} // namespace sandglass
