#include "services/net/httpexchange.h"

#include "services/net/enginenetworkaccess.h"
#include "services/net/livenesswatch.h"

#include <QBuffer>
#include <QNetworkAccessManager>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 bodyReadAhead = 1024 * 1024;

} // namespace

HttpExchange::HttpExchange(
    QNetworkAccessManager &network, const ExchangeTarget &target, const HttpMessage &message)
    : m_network(network)
    , m_target(target)
    , m_message(message)
{
    m_limit.setSingleShot(true);
}

HttpExchange::~HttpExchange() = default;

Result<HttpResponse> HttpExchange::run(const CancelToken &cancel)
{
    QBuffer bodyBuffer;
    bodyBuffer.setData(m_message.body);
    bodyBuffer.open(QIODevice::ReadOnly);
    QIODevice *body = m_message.bodySource;
    if (body == nullptr && !m_message.body.isEmpty())
        body = &bodyBuffer;
    post(body);

    // Declared after what it refers to: no call comes once it is gone.
    const CancelToken::Registration registration = cancel.onCancelled([this] {
        QMetaObject::invokeMethod(
            &m_loop, [this] { end(ErrorKind::Cancelled, u"cancelled"_s); }, Qt::QueuedConnection);
    });
    m_loop.exec();
    m_watch.reset();

    if (m_error)
        return failure(*m_error);
    if (m_reply->error() != QNetworkReply::NoError) {
        if (const std::optional<Error> problem = m_target.problem(*m_reply))
            return failure(*problem);
    }
    // Qt's own network access takes some answers that were cut off for whole ones.
    if (m_message.method != "HEAD" && m_reply->hasRawHeader("Content-Length")
        && m_reply->rawHeader("Content-Length").toLongLong() != m_received) {
        return failure(
            {ErrorKind::Unreachable,
             u"the connection broke before the answer was complete"_s,
             m_target.origin,
             {},
             0});
    }
    m_response.status = status();
    m_response.headers = m_reply->rawHeaderPairs();
    return std::move(m_response);
}

void HttpExchange::post(QIODevice *body)
{
    QNetworkRequest request = m_target.request;
    for (const auto &[name, value] : m_message.headers)
        request.setRawHeader(name, value);
    if (body != nullptr)
        request.setRawHeader("Content-Type", m_message.contentType);
    if (m_message.idleLimit == 0ms)
        request.setAttribute(lastsLongAttribute, true);
    // Qt's own network access would wait for the body that a HEAD sent by its name never gets.
    m_reply.reset(
        m_message.method == "HEAD" ? m_network.head(request)
                                   : m_network.sendCustomRequest(request, m_message.method, body));
    m_reply->setReadBufferSize(bodyReadAhead);

    QNetworkReply *reply = m_reply.get();
    QObject::connect(reply, &QNetworkReply::requestSent, &m_loop, [this] { connected(); });
    QObject::connect(
        reply, &QNetworkReply::uploadProgress, &m_loop, [this] { restartIdleLimit(); });
    QObject::connect(
        reply, &QNetworkReply::metaDataChanged, &m_loop, [this] { restartIdleLimit(); });
    QObject::connect(reply, &QNetworkReply::readyRead, &m_loop, [this] { takeBody(); });
    QObject::connect(reply, &QNetworkReply::finished, &m_loop, [this] {
        takeBody();
        m_loop.quit();
    });
    QObject::connect(&m_limit, &QTimer::timeout, &m_loop, [this] {
        end(ErrorKind::TimedOut,
            m_connected ? u"silent for %1 ms"_s.arg(m_message.idleLimit.count())
                        : u"no connection within %1 ms"_s.arg(m_message.connectLimit.count()));
    });
    QObject::connect(reply, &QNetworkReply::socketStartedConnecting, &m_loop, [this] {
        m_limit.start(m_message.connectLimit);
    });
    if (m_target.certificateProblem) {
        QObject::connect(
            reply, &QNetworkReply::sslErrors, &m_loop, [this](const QList<QSslError> &errors) {
                end(ErrorKind::Untrusted, m_target.certificateProblem(errors));
            });
    }
    if (m_target.countsFromBeginning)
        m_limit.start(m_message.connectLimit);
}

void HttpExchange::connected()
{
    m_connected = true;
    restartIdleLimit();
    if (m_message.liveness && m_watch == nullptr) {
        QUrl url = m_target.request.url();
        url.setPath(m_message.liveness->path, QUrl::DecodedMode);
        url.setQuery(QString());
        m_watch = std::make_unique<LivenessWatch>(m_network, url, *m_message.liveness);
        QObject::connect(m_watch.get(), &LivenessWatch::lost, &m_loop, [this] {
            end(ErrorKind::TimedOut, u"the engine does not answer any more"_s);
        });
    }
}

void HttpExchange::restartIdleLimit()
{
    if (m_message.idleLimit > 0ms)
        m_limit.start(m_message.idleLimit);
    else
        m_limit.stop();
}

void HttpExchange::takeBody()
{
    const bool toSink = m_message.sink && status() >= 200 && status() < 300;
    while (!m_error && m_reply->bytesAvailable() > 0) {
        m_block.resize(qMin(m_reply->bytesAvailable(), bodyReadAhead));
        const QByteArrayView part(
            m_block.constData(), m_reply->read(m_block.data(), m_block.size()));
        m_received += part.size();
        if (toSink) {
            if (const Done taken = m_message.sink(part); !taken)
                end(taken.error());
        } else {
            m_response.body.append(part);
            if (m_response.body.size() > m_message.largestBody) {
                end(ErrorKind::Protocol,
                    u"the answer is longer than %1 bytes"_s.arg(m_message.largestBody));
            }
        }
    }
    if (!m_reply->isFinished() && m_connected)
        restartIdleLimit(); // also after a sink that took its time
}

int HttpExchange::status() const
{
    return m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

void HttpExchange::end(ErrorKind kind, const QString &detail)
{
    end({kind, detail, m_target.origin, {}, 0});
}

void HttpExchange::end(const Error &error)
{
    if (m_error)
        return;
    m_error = error;
    if (m_reply->isFinished())
        m_loop.quit();
    else
        m_reply->abort(); // its finished() ends the loop
}

} // namespace sandglass
