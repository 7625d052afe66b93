#include "services/api/resourcejson.h"
#include "services/api/routes.h"
#include "services/usecases/dockerfolder.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<ApiResponse> listEngines(EngineService &engines)
{
    SANDGLASS_TRY(const QList<Engine> found, engines.list());
    QJsonArray array;
    for (const Engine &engine : found)
        array.append(toJson(engine));
    return jsonResponse(200, {{u"engines"_s, array}});
}

Result<TlsFiles> tlsFilesFrom(JsonFields &fields)
{
    const TlsFiles files{
        fields.text(u"ca_file"_s).value_or(QString()),
        fields.text(u"certificate_file"_s).value_or(QString()),
        fields.text(u"key_file"_s).value_or(QString())};
    SANDGLASS_CHECK(fields.finish());
    return files;
}

Result<ApiResponse> putEngine(EngineService &engines, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto name, call.id<EngineName>(u"name"_s));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    const QString text = fields.requiredText(u"address"_s);
    std::optional<TlsFiles> tls;
    if (auto object = fields.object(u"tls"_s)) {
        SANDGLASS_TRY(tls, tlsFilesFrom(*object));
    }
    SANDGLASS_CHECK(fields.finish());
    SANDGLASS_TRY(const EngineAddress address, EngineAddress::parse(text, tls));

    const auto known = engines.find(name);
    if (!known && known.error().kind != ErrorKind::NotFound)
        return failure(known.error());
    SANDGLASS_CHECK(
        known ? engines.change(name, address, call.caller)
              : engines.add(name, address, call.caller));
    SANDGLASS_TRY(const Engine engine, engines.find(name));
    return jsonResponse(known ? 200 : 201, toJson(engine));
}

Result<ApiResponse> getEngine(EngineService &engines, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto name, call.id<EngineName>(u"name"_s));
    SANDGLASS_TRY(const Engine engine, engines.find(name));
    return jsonResponse(200, toJson(engine));
}

Result<ApiResponse> listImportable()
{
    QJsonArray array;
    const QList<ImportableEngine> engines = importableEngines();
    for (const ImportableEngine &engine : engines)
        array.append(toJson(engine));
    return jsonResponse(200, {{u"engines"_s, array}});
}

Result<ApiResponse> deleteEngine(EngineService &engines, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto name, call.id<EngineName>(u"name"_s));
    SANDGLASS_CHECK(engines.remove(name, call.caller));
    return ApiResponse{204, {}, {}, {}};
}

} // namespace

void addEngineRoutes(Router &router, const UseCases &useCases)
{
    EngineService &engines = useCases.engines;
    const QString all = u"/v1/engines"_s;
    const QString one = all + u"/{name}"_s;
    router.add({"GET", all, {}, [&engines](const RouteRequest &) { return listEngines(engines); }});
    // Before the pattern that it matches too.
    router.add(
        {"GET", all + u"/importable"_s, {}, [](const RouteRequest &) { return listImportable(); }});
    router.add({"GET", one, {}, [&engines](const RouteRequest &call) {
                    return getEngine(engines, call);
                }});
    router.add({"PUT", one, {}, [&engines](const RouteRequest &call) {
                    return putEngine(engines, call);
                }});
    router.add({"DELETE", one, {}, [&engines](const RouteRequest &call) {
                    return deleteEngine(engines, call);
                }});
}

} // namespace sandglass
