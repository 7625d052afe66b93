#include "services/api/httpserver.h"

#include "services/api/httplistener.h"

namespace sandglass {

HttpServer::HttpServer(HttpServerOptions options, Admission admission, Handler handler)
    : m_options(std::move(options))
    , m_admission(std::move(admission))
    , m_handler(std::move(handler))
{ }

HttpServer::~HttpServer()
{
    stop();
}

Result<quint16> HttpServer::start()
{
    SANDGLASS_TRY(ListenSocket socket, ListenSocket::open(m_options.address, m_options.port));
    auto listener = std::make_unique<Listener>(*this, std::move(socket));
    SANDGLASS_CHECK(listener->start());
    m_listener = std::move(listener);
    return m_listener->port();
}

void HttpServer::stop()
{
    m_listener.reset();
}

} // namespace sandglass
