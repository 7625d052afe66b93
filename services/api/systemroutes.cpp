#include "services/api/routes.h"

#include <QFile>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<ApiResponse> answerHealth()
{
    return jsonResponse(200, {{u"status"_s, u"ok"_s}});
}

/// Ready means that the database can be read.
Result<ApiResponse> answerReadiness(EngineService &engines)
{
    SANDGLASS_CHECK(engines.list());
    return jsonResponse(200, {{u"status"_s, u"ready"_s}});
}

Result<ApiResponse> answerVersion()
{
    return jsonResponse(200, {{u"version"_s, QStringLiteral(SANDGLASS_VERSION)}});
}

Result<ApiResponse> answerMetrics(const MetricsText &metrics)
{
    SANDGLASS_TRY(const QByteArray text, metrics());
    return ApiResponse{200, "text/plain; version=0.0.4; charset=utf-8", {}, text};
}

Result<ApiResponse> answerContract()
{
    QFile file(u":/openapi/openapi.json"_s);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorKind::Internal, u"read the OpenAPI document"_s);
    return ApiResponse{200, "application/json", {}, file.readAll()};
}

} // namespace

void addSystemRoutes(Router &router, const UseCases &useCases, const MetricsText &metrics)
{
    EngineService &engines = useCases.engines;
    router.add({"GET", u"/healthz"_s, {}, [](const RouteRequest &) { return answerHealth(); }});
    router.add({"GET", u"/readyz"_s, {}, [&engines](const RouteRequest &) {
                    return answerReadiness(engines);
                }});
    router.add({"GET", u"/metrics"_s, {}, [metrics](const RouteRequest &) {
                    return answerMetrics(metrics);
                }});
    router.add({"GET", u"/version"_s, {}, [](const RouteRequest &) { return answerVersion(); }});
    router.add(
        {"GET", u"/openapi.json"_s, {}, [](const RouteRequest &) { return answerContract(); }});
}

} // namespace sandglass
