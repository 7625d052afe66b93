#pragma once

#include "services/api/apiguard.h"
#include "services/api/httpserver.h"
#include "services/api/listenrules.h"
#include "services/api/routes.h"

#include <memory>
#include <optional>

namespace sandglass {

struct ApiOptions
{
    ListenEndpoint endpoint;
    Secret token; ///< see loadOrCreateApiToken
    QStringList extraHosts; ///< see ApiGuard
    QByteArray certificate; ///< PEM; empty: plain HTTP
    Secret privateKey; ///< PEM; of the certificate
    bool allowsInsecure = false; ///< see decideListenScheme
};

/// All calls of the API (design, section 7).
[[nodiscard]] Router apiRouter(const UseCases &useCases, const MetricsText &metrics);

/// The REST API: the router behind the guard behind the HTTP server.
class ApiServer
{
public:
    ApiServer(const UseCases &useCases, const MetricsText &metrics, ApiOptions options);
    ~ApiServer(); ///< stops

    /// Listens, and gives where: "http://127.0.0.1:8900". InvalidArgument when it may not or cannot
    /// listen there; Conflict when the port is taken.
    [[nodiscard]] Result<QString> start();

    /// As HttpServer::stop().
    void stop();

private:
    ApiOptions m_options;
    Router m_router;
    std::unique_ptr<HttpServer> m_server; ///< while started
};

} // namespace sandglass
