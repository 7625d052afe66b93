#include "services/registry/registrysession.h"

#include "services/registry/registryanswer.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int mostRedirects = 5;
constexpr auto connectLimit = 10s; // a name to look up, a proxy and TLS are on the way

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

QString originOf(const QUrl &url, const QByteArray &method)
{
    return u"%1 %2 %3"_s.arg(webOriginOf(url), QString::fromLatin1(method), url.path());
}

/// Where a redirect leads.
Result<QUrl> nextOf(const HttpResponse &response, const QUrl &from)
{
    const QUrl next =
        from.resolved(QUrl(QString::fromUtf8(response.header("Location")), QUrl::TolerantMode));
    const bool isWeb = next.scheme() == "https"_L1 || next.scheme() == "http"_L1;
    if (response.header("Location").isEmpty() || !next.isValid() || !isWeb)
        return failure(ErrorKind::Protocol, u"it redirects to nowhere"_s);
    if (from.scheme() == "https"_L1 && next.scheme() == "http"_L1) {
        return failure(
            ErrorKind::Protocol,
            u"it redirects to %1, without TLS; that is not followed"_s.arg(webOriginOf(next)));
    }
    return next;
}

} // namespace

RegistrySession::RegistrySession(const Registry &registry, std::optional<Credential> credential)
    : m_network(registry)
    , m_login(m_network, registry.insecure, std::move(credential))
{ }

Result<HttpResponse> RegistrySession::send(const RegistryCall &call, const CancelToken &cancel)
{
    const bool follows = call.method == "GET" || call.method == "HEAD";
    RegistryCall hop = call;
    bool askedAnew = false;
    for (int redirects = 0; redirects <= mostRedirects; ++redirects) {
        SANDGLASS_TRY(HttpResponse response, sendTo(hop.url, hop, askedAnew, cancel));
        if (isRedirect(response.status) && follows) {
            const Result<QUrl> next = nextOf(response, hop.url);
            if (!next)
                return failure(inContext(next.error(), hop));
            hop.url = *next;
            continue;
        }
        const int status = response.status;
        const Error error = errorOf(hop, response);
        const bool isValue = (status >= 200 && status < 300 && !isPage(response))
            || (status >= 400 && status < 500 && error.kind != ErrorKind::Unauthorized
                && error.kind != ErrorKind::PermissionDenied && error.kind != ErrorKind::RateLimited
                && error.kind != ErrorKind::Protocol);
        if (!isValue)
            return failure(error);
        return response;
    }
    return failure(
        inContext({ErrorKind::Protocol, u"it redirects again and again"_s, {}, {}, 0}, hop));
}

Result<HttpResponse> RegistrySession::sendTo(
    const QUrl &url, const RegistryCall &call, bool &askedAnew, const CancelToken &cancel)
{
    if (!m_network.isRegistry(url))
        return sendOnce(url, call, {}, cancel);
    const QByteArray authorization = m_login.header(call.scope);
    SANDGLASS_TRY(HttpResponse response, sendOnce(url, call, authorization, cancel));
    if (response.status != 401)
        return response;
    if (askedAnew)
        return failure(refused(call, response));
    askedAnew = true;
    const Result<QByteArray> login = m_login.answer(
        parseChallenges(response.header("WWW-Authenticate")), call.scope, authorization, cancel);
    if (!login) {
        Error error = login.error();
        if (error.kind == ErrorKind::Unauthorized && error.remoteMessage.isEmpty())
            error.remoteMessage = registryWords(response);
        return failure(m_login.withoutSecrets(inContext(std::move(error), call)));
    }
    SANDGLASS_TRY(HttpResponse second, sendOnce(url, call, *login, cancel));
    if (second.status == 401)
        return failure(refused(call, second));
    return second;
}

Result<HttpResponse> RegistrySession::sendBare(const RegistryCall &call, const CancelToken &cancel)
{
    return sendOnce(call.url, call, {}, cancel);
}

Result<HttpResponse> RegistrySession::sendOnce(
    const QUrl &url,
    const RegistryCall &call,
    const QByteArray &authorization,
    const CancelToken &cancel)
{
    WebRequest request;
    request.method = call.method;
    request.url = url;
    request.headers = call.headers;
    if (!authorization.isEmpty())
        request.headers.append({"Authorization", authorization});
    request.body = call.body;
    request.contentType = call.contentType;
    request.sink = call.sink;
    request.largestBody = call.largestBody;
    request.connectLimit = connectLimit;
    Result<HttpResponse> response = m_network.send(request, cancel);
    if (!response)
        return failure(inContext(response.error(), call));
    if (const QByteArray limit = response->header("RateLimit-Limit"); !limit.isEmpty()) {
        m_rateLimit = QString::fromUtf8(limit.left(100));
        m_rateLimitRemaining = QString::fromUtf8(response->header("RateLimit-Remaining").left(100));
    }
    return response;
}

/// A token that does not allow enough is answered like one that is unknown.
Error RegistrySession::refused(const RegistryCall &call, const HttpResponse &response) const
{
    Error error = errorOf(call, response);
    const QList<Challenge> challenges = parseChallenges(response.header("WWW-Authenticate"));
    const bool isInsufficient =
        std::any_of(challenges.begin(), challenges.end(), [](const Challenge &challenge) {
            return challenge.parameters.value("error") == "insufficient_scope"_L1;
        });
    if (isInsufficient && !m_login.isAnonymous())
        error.kind = ErrorKind::PermissionDenied;
    return error;
}

Error RegistrySession::errorOf(const RegistryCall &call, const HttpResponse &response) const
{
    return m_login.withoutSecrets(
        registryError(response, call.what, originOf(call.url, call.method), SystemClock().now()));
}

Error RegistrySession::inContext(Error error, const RegistryCall &call) const
{
    error.detail = call.what + u": "_s + error.detail;
    error.remote = Remote::Registry;
    if (error.origin.isEmpty())
        error.origin = originOf(call.url, call.method);
    return error;
}

} // namespace sandglass
