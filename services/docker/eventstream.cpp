#include "services/docker/eventstream.h"

#include "services/core/json.h"
#include "services/docker/dockerjson.h"
#include "services/docker/enginecall.h"
#include "services/net/enginenetworkaccess.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto firstAnswerLimit = 30s;
constexpr qsizetype longestLine = 1024 * 1024;
constexpr char recordSeparator = '\x1e'; // starts each record of application/json-seq
constexpr qint64 nanosecondsPerSecond = 1'000'000'000;

} // namespace

EventStream::EventStream(
    const EngineEndpoint &endpoint, ApiVersion api, qint64 since, QObject *parent)
    : QObject(parent)
    , m_address(endpoint.address)
    , m_network(makeNetworkAccess(endpoint))
{
    QUrlQuery query;
    addToQuery(query, u"filters"_s, uR"({"type":["container","image"]})"_s);
    if (since > 0) {
        addToQuery(
            query,
            u"since"_s,
            u"%1.%2"_s.arg(since / nanosecondsPerSecond)
                .arg(since % nanosecondsPerSecond, 9, 10, QLatin1Char('0')));
    }
    const QString path = "/v"_L1 + api.text() + "/events"_L1;
    QNetworkRequest request(urlFor(m_address, path, query));
    request.setAttribute(lastsLongAttribute, true);
    m_reply = m_network->get(request);
    connect(m_reply, &QNetworkReply::metaDataChanged, &m_firstAnswer, &QTimer::stop);
    connect(m_reply, &QNetworkReply::readyRead, this, &EventStream::readLines);
    connect(m_reply, &QNetworkReply::finished, this, &EventStream::replyFinished);
    connect(&m_firstAnswer, &QTimer::timeout, this, [this] {
        finish(u"silent for %1 s"_s.arg(firstAnswerLimit.count()), ErrorKind::TimedOut);
    });
    m_firstAnswer.setSingleShot(true);
    m_firstAnswer.start(firstAnswerLimit);
}

EventStream::~EventStream()
{
    m_reply->disconnect(this);
}

void EventStream::readLines()
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    m_partial.append(m_reply->readAll());
    if (status != 200) {
        m_partial.truncate(longestLine); // the engine's words, kept for the end
        return;
    }
    qsizetype begin = 0;
    for (qsizetype end = 0; (end = m_partial.indexOf('\n', begin)) >= 0; begin = end + 1) {
        QByteArray line = m_partial.mid(begin, end - begin).trimmed();
        if (line.startsWith(recordSeparator))
            line.remove(0, 1);
        if (line.isEmpty())
            continue;
        const Result<EngineEvent> event = parseEvent(line);
        if (!event) {
            finish(u"an event cannot be read: "_s + event.error().detail, ErrorKind::Protocol);
            return;
        }
        Q_EMIT
        received(*event);
        if (m_finished)
            return;
    }
    m_partial.remove(0, begin);
    if (m_partial.size() > longestLine)
        finish(u"an event is longer than %1 bytes"_s.arg(longestLine), ErrorKind::Protocol);
}

void EventStream::replyFinished()
{
    readLines();
    if (m_finished)
        return;
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (m_reply->error() != QNetworkReply::NoError) {
        finish(errorOf(*m_reply, m_address));
    } else if (status != 200) {
        HttpResponse response;
        response.status = status;
        response.body = m_partial;
        finish(engineError(response, u"read the events"_s, m_address.text() + u" GET /events"_s));
    } else {
        finish(u"the engine ended its event stream"_s, ErrorKind::Unreachable);
    }
}

void EventStream::finish(const QString &detail, ErrorKind kind)
{
    finish({kind, detail, m_address.text() + u" GET /events"_s, {}, 0});
}

void EventStream::finish(const Error &error)
{
    if (m_finished)
        return;
    m_finished = true;
    m_firstAnswer.stop();
    m_reply->disconnect(this);
    m_reply->abort();
    Q_EMIT
    ended(error);
}

} // namespace sandglass
