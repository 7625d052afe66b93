#include "tests/api/rawclient.h"

#include "tests/support/waitfor.h"

#include <QHostAddress>
#include <QJsonDocument>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Cuts the first whole answer off; nothing while there is none.
std::optional<RawAnswer> takeAnswer(QByteArray &received, bool hasBody)
{
    const qsizetype end = received.indexOf("\r\n\r\n");
    if (end < 0)
        return std::nullopt;
    RawAnswer answer;
    const QList<QByteArray> lines = received.left(end).split('\n');
    answer.status = lines.first().split(' ').value(1).toInt();
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        answer.headers.insert(line.left(colon).trimmed().toLower(), line.mid(colon + 1).trimmed());
    }
    const qsizetype size = hasBody ? answer.headers.value("content-length").toLongLong() : 0;
    if (answer.status != 100 && received.size() < end + 4 + size)
        return std::nullopt;
    answer.body = received.mid(end + 4, size);
    received.remove(0, end + 4 + answer.body.size());
    return answer;
}

} // namespace

QJsonObject RawAnswer::json() const
{
    return QJsonDocument::fromJson(body).object();
}

QString RawAnswer::errorCode() const
{
    return json().value("error"_L1).toObject().value("code"_L1).toString();
}

RawClient::RawClient(quint16 port)
{
    m_socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    (void)waitFor([this] { return m_socket.state() == QAbstractSocket::ConnectedState; });
}

void RawClient::send(const QByteArray &bytes)
{
    m_socket.write(bytes);
    m_socket.flush();
}

std::optional<RawAnswer> RawClient::answer(bool hasBody)
{
    std::optional<RawAnswer> found;
    (void)waitFor([this, hasBody, &found] {
        m_received += m_socket.readAll();
        found = takeAnswer(m_received, hasBody);
        return found
            || (m_socket.state() == QAbstractSocket::UnconnectedState
                && m_socket.bytesAvailable() == 0);
    });
    return found;
}

std::optional<RawAnswer> RawClient::ask(const QByteArray &bytes)
{
    send(bytes);
    return answer();
}

bool RawClient::isClosedWithin(std::chrono::milliseconds limit)
{
    return waitFor([this] { return m_socket.state() == QAbstractSocket::UnconnectedState; }, limit);
}

void RawClient::reset()
{
    m_socket.abort();
}

QByteArray rawRequest(
    const QByteArray &method,
    const QByteArray &target,
    quint16 port,
    const QByteArrayList &headers,
    const QByteArray &body)
{
    QByteArray bytes =
        method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port) + "\r\n";
    for (const QByteArray &header : headers)
        bytes += header + "\r\n";
    if (!body.isEmpty())
        bytes += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    return bytes + "\r\n" + body;
}

} // namespace sandglass
