#pragma once

#include "services/api/connectionwatch.h"
#include "services/api/httpserver.h"
#include "services/api/listensocket.h"

#include <QThreadPool>

#include <microhttpd.h>

#include <cstdarg>

namespace sandglass {

/// HttpServer between its start and its stop: the part that talks to libmicrohttpd (0.9.75).
class HttpServer::Listener
{
public:
    Listener(const HttpServer &server, ListenSocket socket);
    ~Listener();

    [[nodiscard]] Done start();
    [[nodiscard]] quint16 port() const { return m_socket.port(); }

private:
    struct Exchange;

    static void *requestLineCame(void *self, const char *target, MHD_Connection *connection);
    static MHD_Result requestCame(
        void *self,
        MHD_Connection *connection,
        const char *url,
        const char *method,
        const char *version,
        const char *uploaded,
        size_t *uploadedSize,
        void **exchange);
    static void requestEnded(
        void *self, MHD_Connection *connection, void **exchange, MHD_RequestTerminationCode code);
    static void connectionChanged(
        void *self, MHD_Connection *connection, void **, MHD_ConnectionNotificationCode code);
    static void log(void *, const char *format, va_list arguments);

    [[nodiscard]] MHD_Result begin(MHD_Connection *connection, Exchange &exchange);
    [[nodiscard]] MHD_Result takeBody(Exchange &exchange, const char *bytes, size_t size) const;
    [[nodiscard]] MHD_Result finish(MHD_Connection *connection, Exchange &exchange);
    [[nodiscard]] std::optional<ApiResponse> refusal(const Exchange &exchange) const;
    [[nodiscard]] bool handleLater(MHD_Connection *connection, Exchange &exchange);
    void handle(Exchange &exchange) const;
    [[nodiscard]] std::chrono::milliseconds requestLimit() const;
    [[nodiscard]] MHD_Result send(MHD_Connection *connection, Exchange &exchange);

    const HttpServerOptions &m_options;
    const Admission &m_admission;
    const Handler &m_handler;
    ListenSocket m_socket;
    ConnectionWatch m_watch;
    QThreadPool m_handlers;
    std::mutex m_mutex;
    std::condition_variable m_answered;
    int m_unanswered = 0; ///< requests given to the handlers whose answer is not out yet
    bool m_stopping = false;
    unsigned m_connections = 0; ///< for the network thread only
    MHD_Daemon *m_daemon = nullptr;
};

} // namespace sandglass
