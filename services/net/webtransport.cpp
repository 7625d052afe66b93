#include "services/net/webtransport.h"

#include "services/core/logging.h"
#include "services/net/certificates.h"
#include "services/net/httpexchange.h"
#include "services/net/threadvisit.h"
#include "services/net/tlsconnection.h"
#include "services/net/webproxies.h"

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QSslSocket>

#include <cstring>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// A body that is read once. Qt's network access repeats any request whose connection closes
/// without an answer, a POST too; but not one whose body it cannot read again.
class BodyForOnce final : public QIODevice
{
public:
    explicit BodyForOnce(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
        open(ReadOnly | Unbuffered);
    }

    [[nodiscard]] qint64 size() const override { return m_bytes.size(); }
    bool reset() override { return false; }

protected:
    qint64 readData(char *target, qint64 most) override
    {
        const qint64 count = qMin(most, m_bytes.size() - pos());
        std::memcpy(target, m_bytes.constData() + pos(), std::size_t(count));
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_bytes;
};

bool mayRepeat(const QByteArray &method)
{
    return method == "GET" || method == "HEAD" || method == "DELETE";
}

bool isAnswer(const QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QNetworkReply::NetworkError error = reply.error();
    if (status < 400 || error == QNetworkReply::ProtocolFailure
        || error == QNetworkReply::ContentReSendError)
        return false;
    return error == QNetworkReply::ProxyAuthenticationRequiredError
        || error >= QNetworkReply::ContentAccessDenied;
}

Error webProblem(const QNetworkReply &reply, const QString &origin)
{
    const auto error = [&origin](ErrorKind kind, const QString &detail) {
        return Error{kind, detail, origin, {}, 0};
    };
    const QString host = reply.url().host();
    switch (reply.error()) {
    case QNetworkReply::HostNotFoundError:
        return error(ErrorKind::Unreachable, u"the host name \"%1\" is not known"_s.arg(host));
    case QNetworkReply::ConnectionRefusedError:
        return error(ErrorKind::Unreachable, u"connection refused"_s);
    case QNetworkReply::RemoteHostClosedError:
        // Qt's own network access says this too of what is no HTTP.
        return error(
            ErrorKind::Unreachable,
            reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() == 0
                ? u"the connection broke before there was an answer in HTTP"_s
                : u"the connection broke before the answer was complete"_s);
    case QNetworkReply::ContentReSendError:
        return error(
            ErrorKind::Unreachable, u"the connection broke before there was an answer in HTTP"_s);
    case QNetworkReply::SslHandshakeFailedError: {
        const ConnectProblem problem = tlsProblem(reply.errorString(), false);
        return error(
            problem.error == QNetworkReply::ProtocolFailure ? ErrorKind::Protocol
                                                            : ErrorKind::Untrusted,
            problem.detail);
    }
    case QNetworkReply::OperationCanceledError:
        return error(ErrorKind::Cancelled, u"cancelled"_s);
    case QNetworkReply::TimeoutError:
        return error(ErrorKind::TimedOut, u"no connection in time"_s);
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::UnknownProxyError:
        return error(ErrorKind::Unreachable, u"the proxy of this system: "_s + reply.errorString());
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        return error(ErrorKind::Protocol, u"what answers there does not speak HTTP"_s);
    default:
        return error(ErrorKind::Unreachable, u"no connection: "_s + reply.errorString());
    }
}

void settle(QNetworkRequest &request, const QSslConfiguration &tls)
{
    request.setSslConfiguration(tls);
    request.setAttribute(
        QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(
        QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    for (const auto attribute :
         {QNetworkRequest::CookieLoadControlAttribute,
          QNetworkRequest::CookieSaveControlAttribute,
          QNetworkRequest::AuthenticationReuseAttribute})
        request.setAttribute(attribute, QNetworkRequest::Manual);
    // Given by us, it also keeps Qt from decompressing: digests are those of what was sent.
    request.setRawHeader("Accept-Encoding", "identity");
    request.setRawHeader("User-Agent", "sandglass/" SANDGLASS_VERSION);
}

} // namespace

WebTransport::WebTransport(QString owner, WebAuthorities authorities)
    : m_owner(std::move(owner))
    , m_authorities(std::move(authorities))
{ }

WebTransport::~WebTransport()
{
    if (m_network != nullptr)
        m_network->moveToThread(QThread::currentThread());
}

Result<HttpResponse> WebTransport::send(const WebRequest &request, const CancelToken &cancel)
{
    ExchangeTarget target;
    // A login in a URL would be answered with on its own.
    target.request =
        QNetworkRequest(request.url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment));
    target.origin = u"%1 %2 %3"_s.arg(
        webOriginOf(request.url), QString::fromLatin1(request.method), request.url.path());
    target.countsFromBeginning = true;
    target.certificateProblem = [&](const QList<QSslError> &errors) {
        return certificateProblem(errors, {m_owner, request.url.host(), m_authorities.file});
    };
    target.problem = [&](const QNetworkReply &reply) -> std::optional<Error> {
        if (isAnswer(reply))
            return std::nullopt;
        return webProblem(reply, target.origin);
    };
    const auto fail = [&target](Error error) {
        error.origin = target.origin;
        return failure(std::move(error));
    };
    if (cancel.isCancelled())
        return fail({ErrorKind::Cancelled, u"cancelled"_s, {}, {}, 0});
    if (request.url.host().isEmpty()
        || (request.url.scheme() != "https"_L1 && request.url.scheme() != "http"_L1))
        return fail({ErrorKind::InvalidArgument, u"neither http nor https"_s, {}, {}, 0});
    if (m_network == nullptr) {
        if (const Done read = readAuthorities(); !read)
            return fail(read.error());
        m_network = std::make_unique<QNetworkAccessManager>();
        m_network->setProxyFactory(new WebProxies);
        m_network->moveToThread(nullptr);
    }
    settle(target.request, m_tls);

    HttpMessage message = request;
    BodyForOnce body(request.body);
    if (message.bodySource == nullptr && !mayRepeat(message.method))
        message.bodySource = &body;
    QElapsedTimer elapsed;
    elapsed.start();
    const ThreadVisit visit(*m_network);
    Result<HttpResponse> response = HttpExchange(*m_network, target, message).run(cancel);
    qCDebug(netLog).noquote() << target.origin
                              << (response ? QString::number(response->status)
                                           : response.error().detail)
                              << elapsed.elapsed() << "ms";
    return response;
}

Done WebTransport::readAuthorities()
{
    m_tls = QSslConfiguration::defaultConfiguration();
    m_tls.setProtocol(QSsl::TlsV1_2OrLater);
    m_tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (m_authorities.file.isEmpty())
        return {};
    SANDGLASS_TRY(
        const QList<QSslCertificate> authorities,
        readCertificates(m_authorities.file, u"the file of authorities"_s));
    if (m_authorities.besidesSystem)
        m_tls.setCaCertificates(QSslConfiguration::systemCaCertificates() + authorities);
    else
        m_tls.setCaCertificates(authorities);
    return {};
}

QString webOriginOf(const QUrl &url)
{
    const int usual = url.scheme() == "http"_L1 ? 80 : 443;
    const int port = url.port(usual);
    QUrl origin;
    origin.setScheme(url.scheme());
    origin.setHost(url.host());
    origin.setPort(port == usual ? -1 : port);
    return origin.toString(QUrl::FullyEncoded);
}

} // namespace sandglass
