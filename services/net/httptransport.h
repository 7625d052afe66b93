#pragma once

#include "services/core/canceltoken.h"
#include "services/core/result.h"
#include "services/net/engineendpoint.h"

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QUrlQuery>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

class QIODevice;
class QNetworkAccessManager;
class QNetworkReply;

namespace sandglass {

/// How to find out whether an engine that says nothing for a long time still lives: every
/// `interval` it is asked GET `path` on a second connection. Two answers in a row that do not come
/// within `limit` end the request with TimedOut.
struct Liveness
{
    QString path;
    std::chrono::milliseconds interval{15'000};
    std::chrono::milliseconds limit{5'000};
};

/// One HTTP/1.1 request, but for what is asked.
struct HttpMessage
{
    QByteArray method = "GET"; ///< GET, HEAD, POST, PUT, DELETE
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body; ///< sent with `contentType`; ignored when bodySource is set
    QByteArray contentType = "application/json";
    QIODevice *bodySource =
        nullptr; ///< read as it is sent, chunked when sequential; must outlive send()
    /// Receives the body of a 2xx answer as it comes; the response's body stays empty then. An
    /// error from it aborts the request and is what send() returns. Other answers are kept in the
    /// response, so that the remote's words are there.
    std::function<Done(QByteArrayView)> sink;
    /// Most bytes of a body that are kept in memory; a longer one is a Protocol error.
    qint64 largestBody = 64 * 1024 * 1024;
    std::chrono::milliseconds connectLimit{
        5'000}; ///< from its beginning until the connection stands
    /// Longest silence once connected; 0 = none, for calls whose answer takes as long as the work
    /// (fact C4).
    std::chrono::milliseconds idleLimit{30'000};
    std::optional<Liveness> liveness; ///< for calls without an idle limit
};

/// A request to an engine.
struct HttpRequest : HttpMessage
{
    QString path; ///< "/v1.41/containers/json", decoded: it is percent-encoded on the wire
    QUrlQuery
        query; ///< as QUrlQuery has it: a '%' in a value is written "%25"; a '+' is a plus sign
};

struct HttpResponse
{
    int status = 0;
    QByteArray body; ///< empty when it went to a sink; bounded by the request's largestBody
    QList<QPair<QByteArray, QByteArray>> headers;

    [[nodiscard]] QByteArray
    header(QByteArrayView name) const; ///< empty when it is not there; case-insensitive
};

/// The one HTTP seam to engines: values in, values out (design, section 11). Used by one thread at
/// a time, any thread but the main thread: send() blocks until the answer is complete.
class HttpTransport
{
public:
    explicit HttpTransport(EngineEndpoint endpoint);
    ~HttpTransport();
    HttpTransport(const HttpTransport &) = delete;
    HttpTransport &operator=(const HttpTransport &) = delete;

    [[nodiscard]] const EngineEndpoint &endpoint() const { return m_endpoint; }
    [[nodiscard]] const EngineAddress &address() const { return m_endpoint.address; }

    /// Sends and waits. An answer with any status is a value; errors: Unreachable,
    /// PermissionDenied, Untrusted, TimedOut, Cancelled, Protocol, each with origin "address METHOD
    /// path". Keeps the connection for the next request. Sends at most once more, only when a kept
    /// connection turned out to be closed before one byte of an answer, and never a POST.
    [[nodiscard]] Result<HttpResponse>
    send(const HttpRequest &request, const CancelToken &cancel = {});

private:
    EngineEndpoint m_endpoint;
    std::unique_ptr<QNetworkAccessManager> m_network;
};

/// A network access manager that reaches the address (UNIX sockets too), for long-lived streams on
/// the main thread, and the URL under which it reaches a path there.
[[nodiscard]] std::unique_ptr<QNetworkAccessManager>
makeNetworkAccess(const EngineEndpoint &endpoint);
[[nodiscard]] QUrl
urlFor(const EngineAddress &address, const QString &path, const QUrlQuery &query);

/// "address METHOD path", where an error came from.
[[nodiscard]] QString
originOf(const EngineAddress &address, const QByteArray &method, const QString &path);

/// What went wrong with a finished reply of makeNetworkAccess, by the same rules as send().
[[nodiscard]] Error errorOf(const QNetworkReply &reply, const EngineAddress &address);

} // namespace sandglass
