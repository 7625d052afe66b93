#pragma once

#include "services/api/apimessage.h"
#include "services/core/result.h"
#include "services/core/secret.h"

#include <QHostAddress>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace sandglass {

/// What a TLS server shows its clients, both as PEM.
struct HttpCertificate
{
    QByteArray chain;
    Secret key;
};

struct HttpServerOptions
{
    QHostAddress address = QHostAddress(QHostAddress::LocalHost);
    quint16 port = 0; ///< 0: a free one
    std::optional<HttpCertificate> certificate; ///< nothing: plain HTTP
    qsizetype headerLimit = 32 * 1024; ///< bytes of request line and headers; 431 above
    qsizetype bodyLimit = 1024 * 1024; ///< bytes; 413 above
    unsigned connectionLimit = 256; ///< further ones wait until one ends
    unsigned connectionsPerAddress = 128; ///< further ones are closed at once
    std::chrono::seconds idleLimit{
        10}; ///< a connection on which nothing moves for this long is closed
    std::chrono::milliseconds requestLimit{
        30'000}; ///< to send a whole request, and again to take the whole answer
    int handlerThreads = 8;
};

/// An HTTP/1.1 server that hands out whole requests as values and takes whole answers. One thread
/// of its own does the network and never waits for a handler; handlers run on their own pool.
/// Whatever clients send or leave out, memory and connections stay within the limits.
class HttpServer
{
public:
    /// Looks at method, path, query and headers before a body is taken in, on the network thread,
    /// so it must be short. An answer refuses the request; nothing lets it through.
    using Admission = std::function<std::optional<ApiResponse>(const ApiRequest &)>;

    /// Answers a request, on one of the handler threads, several at a time. What it throws becomes
    /// a 500.
    using Handler = std::function<ApiResponse(const ApiRequest &)>;

    HttpServer(HttpServerOptions options, Admission admission, Handler handler);
    ~HttpServer(); ///< stops

    /// Listens, and gives the port. Conflict when the port is taken; InvalidArgument with the
    /// reason otherwise (address, certificate).
    [[nodiscard]] Result<quint16> start();

    /// Refuses new connections, lets handlers that run end and their answers go out (at most 5 s
    /// for the latter), then closes what is left. Blocks. Does nothing when not started.
    void stop();

private:
    class Listener;
    HttpServerOptions m_options;
    Admission m_admission;
    Handler m_handler;
    std::unique_ptr<Listener> m_listener; ///< while started
};

} // namespace sandglass
