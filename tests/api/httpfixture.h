#pragma once

#include "services/api/httpserver.h"

#include <memory>

namespace sandglass {

/// Answers with what it was asked.
[[nodiscard]] ApiResponse echo(const ApiRequest &request);

[[nodiscard]] std::optional<ApiResponse> admitAll(const ApiRequest &request);

/// An HTTP server on a free port of loopback.
class HttpFixture
{
protected:
    /// Fails the test when it does not start.
    void startServer(
        HttpServer::Handler handler,
        HttpServerOptions options = {},
        HttpServer::Admission admission = admitAll);

    /// Whether a new, sound client is answered.
    [[nodiscard]] bool answersAgain() const;

    std::unique_ptr<HttpServer> m_server;
    quint16 m_port = 0;
};

} // namespace sandglass
