#include "services/net/httptransport.h"

#include "services/core/logging.h"
#include "services/net/enginenetworkaccess.h"
#include "services/net/httpexchange.h"
#include "services/net/threadvisit.h"

#include <QElapsedTimer>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

ErrorKind kindOf(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::ContentAccessDenied:
        return ErrorKind::PermissionDenied;
    case QNetworkReply::SslHandshakeFailedError:
        return ErrorKind::Untrusted;
    case QNetworkReply::OperationCanceledError:
        return ErrorKind::Cancelled;
    case QNetworkReply::TimeoutError:
        return ErrorKind::TimedOut;
    case QNetworkReply::ProtocolFailure:
        return ErrorKind::Protocol;
    case QNetworkReply::UnknownContentError:
        return ErrorKind::InvalidArgument;
    default:
        return ErrorKind::Unreachable;
    }
}

} // namespace

QByteArray HttpResponse::header(QByteArrayView name) const
{
    for (const auto &[headerName, value] : headers) {
        if (headerName.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

HttpTransport::HttpTransport(EngineEndpoint endpoint)
    : m_endpoint(std::move(endpoint))
    , m_network(makeNetworkAccess(m_endpoint))
{
    m_network->moveToThread(nullptr);
}

HttpTransport::~HttpTransport()
{
    m_network->moveToThread(QThread::currentThread());
}

Result<HttpResponse> HttpTransport::send(const HttpRequest &request, const CancelToken &cancel)
{
    ExchangeTarget target;
    target.request = QNetworkRequest(urlFor(address(), request.path, request.query));
    target.origin = originOf(address(), request.method, request.path);
    target.problem = [&](const QNetworkReply &reply) {
        Error error = errorOf(reply, address());
        error.origin = target.origin;
        return error;
    };
    if (cancel.isCancelled())
        return failure(Error{ErrorKind::Cancelled, u"cancelled"_s, target.origin, {}, 0});
    QElapsedTimer elapsed;
    elapsed.start();
    const ThreadVisit visit(*m_network);
    Result<HttpResponse> response = HttpExchange(*m_network, target, request).run(cancel);
    qCDebug(netLog).noquote() << request.method << address().text() + request.path
                              << (response ? QString::number(response->status)
                                           : response.error().detail)
                              << elapsed.elapsed() << "ms";
    return response;
}

std::unique_ptr<QNetworkAccessManager> makeNetworkAccess(const EngineEndpoint &endpoint)
{
    return std::make_unique<EngineNetworkAccess>(endpoint);
}

QUrl urlFor(const EngineAddress &address, const QString &path, const QUrlQuery &query)
{
    QUrl url;
    url.setScheme(u"http"_s);
    if (address.scheme == EngineAddress::Scheme::Tcp) {
        url.setHost(address.host);
        url.setPort(address.port);
    } else {
        url.setHost(u"localhost"_s);
    }
    url.setPath(path, QUrl::DecodedMode);
    if (!query.isEmpty()) {
        QStringList items;
        const auto decoded = query.queryItems(QUrl::FullyDecoded);
        for (const auto &[name, value] : decoded) {
            // QUrl leaves '+' as it is, which servers read as a space.
            items.append(QString::fromLatin1(
                QUrl::toPercentEncoding(name) + '=' + QUrl::toPercentEncoding(value)));
        }
        url.setQuery(items.join(u'&'), QUrl::StrictMode);
    }
    return url;
}

QString originOf(const EngineAddress &address, const QByteArray &method, const QString &path)
{
    return u"%1 %2 %3"_s.arg(address.text(), QString::fromLatin1(method), path);
}

Error errorOf(const QNetworkReply &reply, const EngineAddress &address)
{
    const QByteArray verb =
        reply.request().attribute(QNetworkRequest::CustomVerbAttribute).toByteArray();
    const QString path = reply.url().path(QUrl::FullyDecoded);
    return {
        kindOf(reply.error()),
        reply.errorString(),
        originOf(address, verb.isEmpty() ? QByteArray("GET") : verb, path),
        {},
        0};
}

} // namespace sandglass
