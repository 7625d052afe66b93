#include "services/api/resourcejson.h"
#include "services/api/routes.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// An array, or a single text for an array of one.
std::optional<QStringList> readEntrypoint(JsonFields &fields, const QJsonObject &body)
{
    if (!body.value(u"entrypoint"_s).isString())
        return fields.texts(u"entrypoint"_s);
    const auto single = fields.text(u"entrypoint"_s);
    return single ? std::optional(QStringList{*single}) : std::nullopt;
}

/// A network mode, or the form that users of Indexify know: {"allow_internet_access": false}.
Result<QString> readNetwork(JsonFields &fields, const QJsonObject &body)
{
    if (!body.value(u"network"_s).isObject())
        return fields.text(u"network"_s).value_or(QString());
    auto network = fields.object(u"network"_s);
    const bool allowed = network->boolean(u"allow_internet_access"_s).value_or(true);
    SANDGLASS_CHECK(network->finish());
    return allowed ? QString() : u"none"_s;
}

Result<CreateSandboxRequest> createSandboxRequestFrom(const RouteRequest &call)
{
    SANDGLASS_TRY(const auto namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    CreateSandboxRequest request;
    request.namespaceName = namespaceName;
    request.idempotencyKey = call.idempotencyKey;
    request.caller = call.caller;

    JsonFields fields(body);
    request.image = fields.requiredText(u"image"_s);
    request.displayName = fields.text(u"name"_s).value_or(QString());
    request.entrypoint = readEntrypoint(fields, body);
    request.timeoutSeconds = fields.integer(u"timeout_secs"_s).value_or(0);
    request.secretNames = fields.texts(u"secret_names"_s).value_or(QStringList());
    if (auto resources = fields.object(u"resources"_s)) {
        request.cpus = resources->number(u"cpus"_s);
        request.memoryMegabytes = resources->integer(u"memory_mb"_s);
        SANDGLASS_CHECK(resources->finish());
    }
    if (const auto engine = fields.text(u"engine"_s)) {
        SANDGLASS_TRY(request.engine, EngineName::parse(*engine));
    }
    SANDGLASS_TRY(request.networkMode, readNetwork(fields, body));
    SANDGLASS_CHECK(fields.finish());
    return request;
}

Result<ApiResponse> createSandbox(SandboxService &sandboxes, const RouteRequest &call)
{
    SANDGLASS_TRY(const CreateSandboxRequest request, createSandboxRequestFrom(call));
    SANDGLASS_TRY(const StartedSandbox started, sandboxes.create(request));
    return jsonResponse(
        202,
        {{u"sandbox_id"_s, started.sandbox.text()},
         {u"status"_s, nameOf(SandboxStatus::Pending)},
         {u"operation_id"_s, started.operation.text()}});
}

QJsonObject sandboxJson(const Sandbox &sandbox, const QList<Engine> &engines)
{
    QJsonObject object = toJson(sandbox);
    addAsOf(object, sandbox, engines);
    return object;
}

Result<ApiResponse> listSandboxes(const UseCases &useCases, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const QList<Sandbox> found, useCases.sandboxes.list(namespaceName));
    SANDGLASS_TRY(const QList<Engine> engines, useCases.engines.list());
    QJsonArray array;
    for (const Sandbox &sandbox : found)
        array.append(sandboxJson(sandbox, engines));
    return jsonResponse(200, {{u"sandboxes"_s, array}});
}

Result<ApiResponse> showSandbox(const UseCases &useCases, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const auto id, call.id<SandboxId>(u"sandbox_id"_s));
    SANDGLASS_TRY(const Sandbox sandbox, useCases.sandboxes.find(namespaceName, id));
    SANDGLASS_TRY(const QList<Engine> engines, useCases.engines.list());
    return jsonResponse(200, sandboxJson(sandbox, engines));
}

Result<ApiResponse> terminateSandbox(SandboxService &sandboxes, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const auto id, call.id<SandboxId>(u"sandbox_id"_s));
    SANDGLASS_TRY(const bool removesAdopted, call.flag(u"remove_adopted"_s));
    SANDGLASS_TRY(
        const OperationId operation,
        sandboxes.terminate(
            namespaceName,
            id,
            call.caller,
            removesAdopted ? AdoptedContainer::Remove : AdoptedContainer::Keep));
    return jsonResponse(
        202,
        {{u"sandbox_id"_s, id.text()},
         {u"status"_s, nameOf(SandboxStatus::Terminating)},
         {u"operation_id"_s, operation.text()}});
}

} // namespace

void addSandboxRoutes(Router &router, const UseCases &useCases)
{
    SandboxService &sandboxes = useCases.sandboxes;
    const QString all = u"/v1/namespaces/{namespace}/sandboxes"_s;
    const QString one = all + u"/{sandbox_id}"_s;
    router.add({"POST", all, {}, [&sandboxes](const RouteRequest &call) {
                    return createSandbox(sandboxes, call);
                }});
    router.add({"GET", all, {}, [useCases](const RouteRequest &call) {
                    return listSandboxes(useCases, call);
                }});
    router.add({"GET", one, {}, [useCases](const RouteRequest &call) {
                    return showSandbox(useCases, call);
                }});
    router.add({"DELETE", one, {u"remove_adopted"_s}, [&sandboxes](const RouteRequest &call) {
                    return terminateSandbox(sandboxes, call);
                }});
}

} // namespace sandglass
