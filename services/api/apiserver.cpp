#include "services/api/apiserver.h"

#include <QUrl>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Router apiRouter(const UseCases &useCases, const MetricsText &metrics)
{
    Router router;
    addSandboxRoutes(router, useCases);
    addSnapshotRoutes(router, useCases);
    addOperationRoutes(router, useCases);
    addEngineRoutes(router, useCases);
    addRegistryRoutes(router, useCases);
    addAdoptionRoutes(router, useCases);
    addRebuildRoutes(router, useCases);
    addCleanupRoutes(router, useCases);
    addRetentionRoutes(router, useCases);
    addScheduleRoutes(router, useCases);
    addSettingRoutes(router, useCases);
    addAuditRoutes(router, useCases);
    addSystemRoutes(router, useCases, metrics);
    return router;
}

ApiServer::ApiServer(const UseCases &useCases, const MetricsText &metrics, ApiOptions options)
    : m_options(std::move(options))
    , m_router(apiRouter(useCases, metrics))
{ }

ApiServer::~ApiServer()
{
    stop();
}

Result<QString> ApiServer::start()
{
    const bool hasCertificate = !m_options.certificate.isEmpty();
    SANDGLASS_TRY(
        const ListenScheme scheme,
        decideListenScheme(m_options.endpoint.address, hasCertificate, m_options.allowsInsecure));
    if (m_options.token.isEmpty())
        return failure(ErrorKind::InvalidArgument, u"the API has no token"_s);

    HttpServerOptions http;
    http.address = m_options.endpoint.address;
    http.port = m_options.endpoint.port;
    if (http.address.isLoopback())
        http.connectionsPerAddress = http.connectionLimit; // everybody comes from there
    if (scheme == ListenScheme::Https)
        http.certificate = HttpCertificate{m_options.certificate, m_options.privateKey};
    const ApiGuard guard({m_options.token, m_options.endpoint.address, m_options.extraHosts});
    auto server = std::make_unique<HttpServer>(
        http,
        [guard](const ApiRequest &request) { return guard.refusal(request); },
        [this](const ApiRequest &request) {
            const auto refused = refusalOfContentType(request);
            return refused ? *refused : m_router.answer(request);
        });
    SANDGLASS_TRY(const quint16 port, server->start());
    m_server = std::move(server);

    QUrl url;
    url.setScheme(scheme == ListenScheme::Https ? u"https"_s : u"http"_s);
    url.setHost(m_options.endpoint.address.toString());
    url.setPort(port);
    return url.toString();
}

void ApiServer::stop()
{
    m_server.reset();
}

} // namespace sandglass
