#include "services/api/httplistener.h"

#include "services/core/logging.h"

#include <QElapsedTimer>

#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <exception>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::chrono::seconds longestFarewell{5};

/// How much of an over-long chunked body is read and dropped so that its sender sees the 413; then
/// it is cut off.
constexpr qsizetype mostDropped = 8 * 1024 * 1024;

int socketOf(MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

QString addressOf(MHD_Connection *connection)
{
    QHostAddress address(
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    bool isIpv4 = false;
    const QHostAddress mapped(address.toIPv4Address(&isIpv4));
    return (isIpv4 ? mapped : address).toString();
}

MHD_Result collectHeader(
    void *headers,
    MHD_ValueKind,
    const char *name,
    size_t nameSize,
    const char *value,
    size_t valueSize)
{
    auto &all = *static_cast<QHash<QByteArray, QByteArray> *>(headers);
    const QByteArray text(value, qsizetype(valueSize));
    const QByteArray key = QByteArray(name, qsizetype(nameSize)).toLower();
    const auto known = all.find(key);
    if (known == all.end())
        all.insert(key, text);
    else
        *known += ", " + text;
    return MHD_YES;
}

/// Whether the client has not closed its side yet.
bool mayStillSend(int socket)
{
    char byte = 0;
    const ssize_t count = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

} // namespace

/// One request on its way through. Belongs to the network thread, but while its connection is
/// suspended to the handler.
struct HttpServer::Listener::Exchange
{
    ApiRequest request;
    std::optional<ApiResponse> response;
    qsizetype dropped = 0; ///< bytes of the body beyond the limit
    bool begun = false; ///< the headers were looked at
    bool counted = false; ///< in m_unanswered
};

HttpServer::Listener::Listener(const HttpServer &server, ListenSocket socket)
    : m_options(server.m_options)
    , m_admission(server.m_admission)
    , m_handler(server.m_handler)
    , m_socket(std::move(socket))
{
    m_handlers.setMaxThreadCount(m_options.handlerThreads);
    m_handlers.setExpiryTimeout(-1); // each holds a database connection worth keeping
}

Done HttpServer::Listener::start()
{
    QList<MHD_OptionItem> options{
        {MHD_OPTION_LISTEN_SOCKET, m_socket.descriptor(), nullptr},
        {MHD_OPTION_CONNECTION_LIMIT, intptr_t(m_options.connectionLimit), nullptr},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, intptr_t(m_options.connectionsPerAddress), nullptr},
        {MHD_OPTION_CONNECTION_TIMEOUT, intptr_t(m_options.idleLimit.count()), nullptr},
        // Twice the header limit, so that most of those who exceed it get our own answer.
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, intptr_t(2 * m_options.headerLimit), nullptr},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, nullptr},
        {MHD_OPTION_EXTERNAL_LOGGER, reinterpret_cast<intptr_t>(&Listener::log), nullptr},
        {MHD_OPTION_URI_LOG_CALLBACK, reinterpret_cast<intptr_t>(&Listener::requestLineCame), this},
        {MHD_OPTION_NOTIFY_COMPLETED, reinterpret_cast<intptr_t>(&Listener::requestEnded), this},
        {MHD_OPTION_NOTIFY_CONNECTION,
         reinterpret_cast<intptr_t>(&Listener::connectionChanged),
         this},
    };
    // Without thread pool and with suspended connections, one thread serves the network whatever
    // the handlers do.
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    if (m_options.certificate) {
        flags |= MHD_USE_TLS;
        const auto pem = [](const QByteArray &bytes) {
            return const_cast<char *>(bytes.constData());
        };
        options += {
            {MHD_OPTION_HTTPS_MEM_CERT, 0, pem(m_options.certificate->chain)},
            {MHD_OPTION_HTTPS_MEM_KEY, 0, pem(m_options.certificate->key.reveal())},
            {MHD_OPTION_HTTPS_PRIORITIES,
             0,
             const_cast<char *>("NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2")},
        };
    }
    options.append({MHD_OPTION_END, 0, nullptr});
    m_daemon = MHD_start_daemon(
        flags,
        0,
        nullptr,
        nullptr,
        &Listener::requestCame,
        this,
        MHD_OPTION_ARRAY,
        options.constData(),
        MHD_OPTION_END);
    if (!m_daemon) {
        return failure(
            ErrorKind::InvalidArgument,
            m_options.certificate
                ? u"start the HTTPS server: the certificate or its key cannot be used"_s
                : u"start the HTTP server"_s);
    }
    return {};
}

HttpServer::Listener::~Listener()
{
    if (!m_daemon)
        return;
    std::unique_lock lock(m_mutex);
    m_stopping = true;
    lock.unlock();
    (void)MHD_quiesce_daemon(m_daemon); // gives back the descriptor that m_socket owns
    m_socket.refuse();
    m_handlers.waitForDone();
    lock.lock();
    m_answered.wait_for(lock, longestFarewell, [this] { return m_unanswered == 0; });
    lock.unlock();
    MHD_stop_daemon(m_daemon);
}

void *HttpServer::Listener::requestLineCame(void *, const char *target, MHD_Connection *)
{
    auto exchange = std::make_unique<Exchange>();
    const QByteArray whole(target);
    const qsizetype mark = whole.indexOf('?');
    exchange->request.path = mark < 0 ? whole : whole.left(mark);
    exchange->request.query = mark < 0 ? QByteArray() : whole.mid(mark + 1);
    return exchange.release(); // requestEnded() takes it
}

MHD_Result HttpServer::Listener::requestCame(
    void *self,
    MHD_Connection *connection,
    const char *,
    const char *method,
    const char *,
    const char *uploaded,
    size_t *uploadedSize,
    void **exchangePlace)
{
    auto &listener = *static_cast<Listener *>(self);
    auto &exchange = *static_cast<Exchange *>(*exchangePlace);
    if (!exchange.begun) {
        exchange.begun = true;
        exchange.request.method = method;
        return listener.begin(connection, exchange);
    }
    if (*uploadedSize > 0) {
        const size_t size = std::exchange(*uploadedSize, 0);
        return listener.takeBody(exchange, uploaded, size);
    }
    return listener.finish(connection, exchange);
}

MHD_Result HttpServer::Listener::begin(MHD_Connection *connection, Exchange &exchange)
{
    MHD_get_connection_values_n(
        connection, MHD_HEADER_KIND, &collectHeader, &exchange.request.headers);
    exchange.request.clientAddress = addressOf(connection);
    exchange.request.serverPort = m_socket.port();
    const size_t headerSize =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
    if (qsizetype(headerSize) > m_options.headerLimit) {
        exchange.response = errorResponse(
            431,
            u"headers_too_large"_s,
            u"the headers have more than %1 bytes"_s.arg(m_options.headerLimit));
    } else {
        exchange.response = refusal(exchange);
    }
    // Answered before the body, the library reads no more and closes the connection.
    return exchange.response ? send(connection, exchange) : MHD_YES;
}

std::optional<ApiResponse> HttpServer::Listener::refusal(const Exchange &exchange) const
{
    const auto &headers = exchange.request.headers;
    const QByteArray encoding = headers.value("transfer-encoding").toLower();
    const bool hasLength = headers.contains("content-length");
    // Two lengths, or one and chunks, mean different things to different readers between the client
    // and us.
    bool isNumber = false;
    const qulonglong length = headers.value("content-length").toULongLong(&isNumber);
    if ((!encoding.isEmpty() && (encoding != "chunked" || hasLength)) || (hasLength && !isNumber)) {
        return errorResponse(400, u"bad_request"_s, u"the length of the body is not clear"_s);
    }
    if (auto refused = m_admission(exchange.request))
        return refused;
    if (length > qulonglong(m_options.bodyLimit)) {
        return errorResponse(
            413,
            u"body_too_large"_s,
            u"the body has more than %1 bytes"_s.arg(m_options.bodyLimit));
    }
    return std::nullopt;
}

MHD_Result HttpServer::Listener::takeBody(Exchange &exchange, const char *bytes, size_t size) const
{
    // Only a chunked body can get too long here. The library takes no answer in the middle of a
    // body.
    if (exchange.dropped == 0
        && exchange.request.body.size() + qsizetype(size) <= m_options.bodyLimit) {
        exchange.request.body.append(bytes, qsizetype(size));
        return MHD_YES;
    }
    exchange.request.body = QByteArray();
    exchange.dropped += qsizetype(size);
    return exchange.dropped <= mostDropped ? MHD_YES : MHD_NO;
}

MHD_Result HttpServer::Listener::finish(MHD_Connection *connection, Exchange &exchange)
{
    if (exchange.response)
        return send(connection, exchange); // resumed
    if (exchange.dropped > 0) {
        exchange.response = errorResponse(
            413,
            u"body_too_large"_s,
            u"the body has more than %1 bytes"_s.arg(m_options.bodyLimit));
        return send(connection, exchange);
    }
    if (!handleLater(connection, exchange)) {
        exchange.response = errorResponse(503, u"stopping"_s, u"the service is stopping"_s);
        return send(connection, exchange);
    }
    return MHD_YES;
}

bool HttpServer::Listener::handleLater(MHD_Connection *connection, Exchange &exchange)
{
    const std::lock_guard lock(m_mutex);
    if (m_stopping)
        return false;
    ++m_unanswered;
    exchange.counted = true;
    m_watch.allowUnlimited(socketOf(connection));
    MHD_suspend_connection(connection); // before the handler can resume it
    m_handlers.start([this, connection, &exchange] {
        handle(exchange);
        MHD_resume_connection(connection);
    });
    return true;
}

void HttpServer::Listener::handle(Exchange &exchange) const
{
    QElapsedTimer timer;
    timer.start();
    exchange.response = errorResponse({ErrorKind::Internal, u"answer the request"_s, {}, {}, 0});
    try {
        exchange.response = m_handler(exchange.request);
    } catch (const std::exception &thrown) {
        qCCritical(apiLog) << "a handler threw" << thrown.what();
    } catch (...) {
        qCCritical(apiLog) << "a handler threw";
    }
    qCDebug(apiLog) << exchange.request.method << exchange.request.path << exchange.response->status
                    << timer.elapsed() << "ms";
}

MHD_Result HttpServer::Listener::send(MHD_Connection *connection, Exchange &exchange)
{
    const ApiResponse &answer = *exchange.response;
    m_watch.allow(socketOf(connection), m_options.requestLimit);
    MHD_Response *response = MHD_create_response_from_buffer(
        size_t(answer.body.size()),
        const_cast<char *>(answer.body.constData()),
        MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    if (!answer.contentType.isEmpty())
        MHD_add_response_header(
            response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.contentType.constData());
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    for (const auto &[name, value] : answer.headers)
        MHD_add_response_header(response, name.constData(), value.constData());
    const MHD_Result queued = MHD_queue_response(connection, unsigned(answer.status), response);
    MHD_destroy_response(response);
    return queued;
}

void HttpServer::Listener::requestEnded(
    void *self, MHD_Connection *connection, void **exchangePlace, MHD_RequestTerminationCode)
{
    auto &listener = *static_cast<Listener *>(self);
    const std::unique_ptr<Exchange> exchange(static_cast<Exchange *>(*exchangePlace));
    *exchangePlace = nullptr;
    listener.m_watch.allow(socketOf(connection), listener.requestLimit());
    if (exchange && exchange->counted) {
        const std::lock_guard lock(listener.m_mutex);
        --listener.m_unanswered;
        listener.m_answered.notify_all();
    }
}

void HttpServer::Listener::connectionChanged(
    void *self, MHD_Connection *connection, void **, MHD_ConnectionNotificationCode code)
{
    auto &listener = *static_cast<Listener *>(self);
    const int socket = socketOf(connection);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        ++listener.m_connections;
        listener.m_watch.allow(socket, listener.requestLimit());
        return;
    }
    --listener.m_connections;
    if (mayStillSend(socket))
        listener.m_watch.linger(socket);
    else
        listener.m_watch.forget(socket);
}

/// How long the next request of a connection may take. Where most places are taken, silent clients
/// must make room soon.
std::chrono::milliseconds HttpServer::Listener::requestLimit() const
{
    const bool isCrowded = m_connections > m_options.connectionLimit / 4 * 3;
    return isCrowded ? m_options.requestLimit / 10 : m_options.requestLimit;
}

void HttpServer::Listener::log(void *, const char *format, va_list arguments)
{
    char line[512];
    std::vsnprintf(line, sizeof line, format, arguments);
    qCDebug(apiLog) << QByteArray(line).trimmed().constData();
}

} // namespace sandglass
