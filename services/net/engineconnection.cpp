#include "services/net/engineconnection.h"

#include <QNetworkProxy>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace sandglass {

EngineConnection::EngineConnection(QTcpSocket *stream, QObject *parent)
    : QObject(parent)
    , m_stream(stream)
{
    m_stream->setParent(this);
    m_stream->setReadBufferSize(readAhead);
    m_stream->setProxy(QNetworkProxy::NoProxy);
    connect(m_stream, &QTcpSocket::bytesWritten, this, &EngineConnection::sent);
}

EngineConnection::~EngineConnection()
{
    closeSecondDescriptor();
}

bool EngineConnection::isIdle() const
{
    if (m_stream->state() != QAbstractSocket::ConnectedState || m_stream->bytesAvailable() > 0
        || unsentBytes() > 0)
        return false;
    // Between requests no event loop runs that could have told of a close.
    char byte = 0;
    const auto count = ::recv(int(m_stream->socketDescriptor()), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

QByteArray EngineConnection::takeRemaining()
{
    QByteArray bytes = m_stream->readAll();
    std::array<char, 16 * 1024> block{};
    while (m_secondDescriptor >= 0) {
        const auto count = ::recv(m_secondDescriptor, block.data(), block.size(), MSG_DONTWAIT);
        if (count <= 0)
            break;
        bytes.append(block.data(), qsizetype(count));
    }
    return bytes;
}

void EngineConnection::discard()
{
    m_stream->disconnect(this);
    m_stream->abort();
    closeSecondDescriptor();
    deleteLater();
}

bool EngineConnection::adopt(int descriptor)
{
    if (!m_stream->setSocketDescriptor(descriptor))
        return false;
    m_secondDescriptor = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    return true;
}

void EngineConnection::closeSecondDescriptor()
{
    if (m_secondDescriptor >= 0)
        ::close(std::exchange(m_secondDescriptor, -1));
}

} // namespace sandglass
