#include "services/net/enginereply.h"

#include <cstring>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 blockSize = 128 * 1024;
constexpr qint64 writeAhead = 512 * 1024;

} // namespace

EngineReply::EngineReply(
    EngineNetworkAccess &network,
    QNetworkAccessManager::Operation operation,
    QByteArray method,
    const QNetworkRequest &request,
    QIODevice *body)
    : QNetworkReply(&network)
    , m_network(network)
    , m_method(std::move(method))
    , m_body(body)
    , m_hasBody(body != nullptr)
{
    setRequest(request);
    setUrl(request.url());
    setOperation(operation);
    QNetworkReply::open(ReadOnly | Unbuffered);
    if (body != nullptr && !body->isSequential()) {
        m_bodyStart = body->pos();
        m_bodySize = body->size() - m_bodyStart;
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (!isFinished())
                start(m_network.takeIdleConnection());
        },
        Qt::QueuedConnection);
}

EngineReply::~EngineReply()
{
    dropConnection(false);
}

/// `kept`: a connection that served another request before; null for a fresh one.
void EngineReply::start(EngineConnection *kept)
{
    m_parser = std::make_unique<HttpResponseParser>(m_method == "HEAD");
    m_bodySent = 0;
    m_requestSent = false;
    const bool lastsLong = request().attribute(lastsLongAttribute).toBool();
    m_connection = kept != nullptr
        ? kept
        : m_network.makeConnection(lastsLong ? ChannelUse::Long : ChannelUse::Short);
    connect(
        &m_connection->stream(), &QTcpSocket::readyRead, this, &EngineReply::readFromConnection);
    connect(m_connection, &EngineConnection::sent, this, &EngineReply::sendBody);
    if (kept != nullptr) {
        sendHead();
        return;
    }
    connect(
        m_connection, &EngineConnection::connecting, this, &EngineReply::socketStartedConnecting);
    connect(m_connection, &EngineConnection::opened, this, &EngineReply::sendHead);
    connect(m_connection, &EngineConnection::notOpened, this, &EngineReply::fail);
    m_connection->openConnection();
}

void EngineReply::sendHead()
{
    m_reused = m_connection->servedBefore();
    QTcpSocket &stream = m_connection->stream();
    connect(&stream, &QTcpSocket::errorOccurred, this, &EngineReply::connectionBroke);
    connect(&stream, &QTcpSocket::disconnected, this, &EngineReply::readFromConnection);
    const QUrl target = url();
    QByteArray head = m_method + ' ' + target.path(QUrl::FullyEncoded).toUtf8();
    if (target.hasQuery())
        head += '?' + target.query(QUrl::FullyEncoded).toUtf8();
    head += " HTTP/1.1\r\nHost: " + target.authority(QUrl::FullyEncoded).toUtf8() + "\r\n";
    const QList<QByteArray> names = request().rawHeaderList();
    for (const QByteArray &name : names)
        head += name + ": " + request().rawHeader(name) + "\r\n";
    if (m_hasBody && m_bodySize < 0)
        head += "Transfer-Encoding: chunked\r\n";
    else if (m_hasBody || m_method == "POST" || m_method == "PUT")
        head += "Content-Length: " + QByteArray::number(m_hasBody ? m_bodySize : 0) + "\r\n";
    stream.write(head + "\r\n");
    if (m_hasBody && m_body != nullptr) {
        connect(m_body, &QIODevice::readyRead, this, &EngineReply::sendBody, Qt::UniqueConnection);
        connect(
            m_body,
            &QIODevice::readChannelFinished,
            this,
            &EngineReply::sendBody,
            Qt::UniqueConnection);
    }
    Q_EMIT
    requestSent();
    sendBody();
}

void EngineReply::sendBody()
{
    while (m_connection != nullptr && !m_requestSent && m_connection->unsentBytes() < writeAhead) {
        if (m_bodySent == m_bodySize || !m_hasBody) {
            m_requestSent = true;
            Q_EMIT
            requestSent();
            return;
        }
        m_block.resize(blockSize);
        const qint64 wanted = m_bodySize < 0 ? blockSize : qMin(blockSize, m_bodySize - m_bodySent);
        const qint64 count = m_body == nullptr ? -1 : m_body->read(m_block.data(), wanted);
        if (count > 0) {
            sendBodyPart(QByteArrayView(m_block.constData(), count));
        } else if (m_bodySize >= 0) {
            fail(UnknownContentError, u"the body to send is shorter than announced"_s);
        } else if (count < 0) {
            m_connection->stream().write("0\r\n\r\n");
            m_bodySize = m_bodySent;
        } else {
            return; // the source has nothing yet and says when it has
        }
    }
}

void EngineReply::sendBodyPart(QByteArrayView part)
{
    const bool chunked = m_bodySize < 0;
    if (chunked)
        m_connection->stream().write(QByteArray::number(part.size(), 16) + "\r\n");
    m_connection->stream().write(part.data(), part.size());
    if (chunked)
        m_connection->stream().write("\r\n");
    m_bodySent += part.size();
    Q_EMIT
    uploadProgress(m_bodySent, m_bodySize);
}

bool EngineReply::hasRoom() const
{
    return readBufferSize() <= 0 || m_buffer.size() - m_offset < readBufferSize();
}

void EngineReply::readFromConnection()
{
    const qint64 before = m_received;
    m_block.resize(blockSize);
    while (m_connection != nullptr && hasRoom()) {
        const qint64 count = m_connection->stream().read(m_block.data(), blockSize);
        if (count <= 0)
            break;
        if (!takeAnswer(QByteArrayView(m_block.constData(), count)))
            return;
        if (m_parser->isComplete())
            break;
    }
    if (m_received != before) {
        Q_EMIT
        downloadProgress(m_received, m_expected);
        Q_EMIT
        readyRead();
    }
    if (m_connection == nullptr)
        return;
    if (m_parser->isComplete())
        answered();
    else if (
        m_connection->stream().state() != QAbstractSocket::ConnectedState
        && m_connection->stream().bytesAvailable() == 0)
        connectionEnded();
}

/// False when the bytes are no HTTP answer, or when somebody who heard of its head gave it up.
bool EngineReply::takeAnswer(QByteArrayView bytes)
{
    m_anyAnswer = true;
    if (m_offset > 0) {
        m_buffer.remove(0, m_offset);
        m_offset = 0;
    }
    const qsizetype before = m_buffer.size();
    if (const Done fed = m_parser->feed(bytes, m_buffer); !fed) {
        fail(ProtocolFailure, fed.error().detail);
        return false;
    }
    m_received += m_buffer.size() - before;
    if (m_parser->hasHead() && !m_headReported) {
        m_headReported = true;
        const HttpResponseHead &head = m_parser->head();
        setAttribute(QNetworkRequest::HttpStatusCodeAttribute, head.status);
        setAttribute(QNetworkRequest::HttpReasonPhraseAttribute, head.reason);
        for (const auto &[name, value] : head.headers)
            setRawHeader(name, hasRawHeader(name) ? rawHeader(name) + ", " + value : value);
        if (hasRawHeader("Content-Length"))
            m_expected = rawHeader("Content-Length").toLongLong();
        Q_EMIT
        metaDataChanged();
    }
    return m_connection != nullptr;
}

/// A write that failed drops what was received, so an answer that came before it is saved here.
void EngineReply::connectionBroke()
{
    const QByteArray rest = m_connection->takeRemaining();
    if (!rest.isEmpty() && !takeAnswer(rest))
        return;
    if (m_parser->isComplete())
        answered();
    else
        connectionEnded();
}

void EngineReply::connectionEnded()
{
    if (m_reused && !m_anyAnswer && canRepeat()) {
        dropConnection(false);
        start(nullptr);
        return;
    }
    if (m_anyAnswer)
        m_parser->endOfStream();
    const auto cause = m_connection->breakCause();
    if (m_parser->isComplete())
        answered();
    else if (cause)
        fail(cause->error, cause->detail);
    else if (m_anyAnswer)
        fail(RemoteHostClosedError, u"the connection was closed in the middle of the answer"_s);
    else
        fail(RemoteHostClosedError, u"the connection was closed without an answer"_s);
}

/// Whether sending the request again is safe (design, section 4, rule 3) and possible.
bool EngineReply::canRepeat()
{
    const bool safe =
        m_method == "GET" || m_method == "HEAD" || m_method == "PUT" || m_method == "DELETE";
    return safe
        && (!m_hasBody
            || (m_body != nullptr && !m_body->isSequential() && m_body->seek(m_bodyStart)));
}

void EngineReply::answered()
{
    dropConnection(
        m_requestSent && m_connection->unsentBytes() == 0 && m_parser->keepsConnection());
    finish();
}

qint64 EngineReply::readData(char *data, qint64 maximum)
{
    const qint64 count = qMin<qint64>(maximum, m_buffer.size() - m_offset);
    if (count <= 0)
        return isFinished() ? -1 : 0;
    std::memcpy(data, m_buffer.constData() + m_offset, std::size_t(count));
    m_offset += count;
    if (m_offset == m_buffer.size()) {
        m_buffer.truncate(0);
        m_offset = 0;
    }
    if (m_connection != nullptr && !m_resumeScheduled) {
        m_resumeScheduled = true; // there is room again; never from within the user's read()
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_resumeScheduled = false;
                readFromConnection();
            },
            Qt::QueuedConnection);
    }
    return count;
}

qint64 EngineReply::bytesAvailable() const
{
    return m_buffer.size() - m_offset + QNetworkReply::bytesAvailable();
}

bool EngineReply::canReadLine() const
{
    return m_buffer.indexOf('\n', m_offset) >= 0 || QNetworkReply::canReadLine();
}

void EngineReply::abort()
{
    fail(OperationCanceledError, u"the request was given up"_s);
}

void EngineReply::close()
{
    abort();
    QNetworkReply::close();
}

void EngineReply::fail(NetworkError error, const QString &detail)
{
    if (isFinished())
        return;
    dropConnection(false);
    setError(error, detail);
    Q_EMIT
    errorOccurred(error);
    finish();
}

void EngineReply::finish()
{
    setFinished(true);
    Q_EMIT
    readChannelFinished();
    Q_EMIT
    finished();
}

void EngineReply::dropConnection(bool keep)
{
    EngineConnection *connection = std::exchange(m_connection, nullptr).get();
    if (connection == nullptr)
        return;
    connection->disconnect(this);
    connection->stream().disconnect(this);
    if (keep)
        m_network.keep(connection);
    else
        connection->discard();
}

} // namespace sandglass
