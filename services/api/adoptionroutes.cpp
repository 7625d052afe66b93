#include "services/api/resourcejson.h"
#include "services/api/routes.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QJsonObject toJson(const EngineContainer &container)
{
    QJsonObject object{
        {u"container_id"_s, container.id},
        {u"name"_s, container.name},
        {u"image"_s, container.image},
        {u"state"_s, container.state},
        {u"made_by"_s, nameOf(container.maker)},
        {u"adoptable"_s, container.isAdoptable()},
        {u"created_at"_s, toMilliseconds(container.createdAt)},
    };
    if (!container.sandbox.isEmpty())
        object.insert(u"sandbox_id"_s, container.sandbox.text());
    return object;
}

Result<ApiResponse> listContainers(AdoptionService &adoptions, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto engine, call.id<EngineName>(u"name"_s));
    SANDGLASS_TRY(const bool adoptableOnly, call.flag(u"adoptable"_s));
    SANDGLASS_TRY(const QList<EngineContainer> containers, adoptions.containers(engine));
    QJsonArray array;
    for (const EngineContainer &container : containers) {
        if (!adoptableOnly || container.isAdoptable())
            array.append(toJson(container));
    }
    return jsonResponse(200, {{u"containers"_s, array}});
}

Result<ApiResponse> adoptContainer(AdoptionService &adoptions, const RouteRequest &call)
{
    AdoptRequest request;
    SANDGLASS_TRY(request.namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    const QString engine = fields.requiredText(u"engine"_s);
    request.container = fields.requiredText(u"container"_s);
    request.displayName = fields.text(u"name"_s).value_or(QString());
    request.secretNames = fields.texts(u"secret_names"_s).value_or(QStringList());
    request.caller = call.caller;
    SANDGLASS_CHECK(fields.finish());
    SANDGLASS_TRY(request.engine, EngineName::parse(engine));
    SANDGLASS_TRY(const Sandbox sandbox, adoptions.adopt(request));
    return jsonResponse(200, toJson(sandbox));
}

Result<ApiResponse> releaseSandbox(AdoptionService &adoptions, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const auto id, call.id<SandboxId>(u"sandbox_id"_s));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    SANDGLASS_CHECK(JsonFields(body).finish());
    SANDGLASS_CHECK(adoptions.release(namespaceName, id, call.caller));
    return jsonResponse(
        200, {{u"sandbox_id"_s, id.text()}, {u"status"_s, nameOf(SandboxStatus::Released)}});
}

} // namespace

void addAdoptionRoutes(Router &router, const UseCases &useCases)
{
    AdoptionService &adoptions = useCases.adoptions;
    const QString sandboxes = u"/v1/namespaces/{namespace}/sandboxes"_s;
    router.add(
        {"GET",
         u"/v1/engines/{name}/containers"_s,
         {u"adoptable"_s},
         [&adoptions](const RouteRequest &call) { return listContainers(adoptions, call); }});
    router.add({"POST", sandboxes + u"/adopt"_s, {}, [&adoptions](const RouteRequest &call) {
                    return adoptContainer(adoptions, call);
                }});
    router.add(
        {"POST",
         sandboxes + u"/{sandbox_id}/release"_s,
         {},
         [&adoptions](const RouteRequest &call) { return releaseSandbox(adoptions, call); }});
}

} // namespace sandglass
