#include "services/api/resourcejson.h"
#include "services/api/routes.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<ApiResponse> listOperations(OperationService &operations)
{
    SANDGLASS_TRY(const QList<Operation> found, operations.list());
    QJsonArray array;
    for (const Operation &operation : found)
        array.append(toJson(operation));
    return jsonResponse(200, {{u"operations"_s, array}});
}

Result<ApiResponse> showOperation(OperationService &operations, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto id, call.id<OperationId>(u"operation_id"_s));
    SANDGLASS_TRY(const Operation operation, operations.find(id));
    return jsonResponse(200, toJson(operation));
}

Result<ApiResponse> cancelOperation(OperationService &operations, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto id, call.id<OperationId>(u"operation_id"_s));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    SANDGLASS_CHECK(JsonFields(body).finish());
    SANDGLASS_CHECK(operations.cancel(id, call.caller));
    return jsonResponse(202, {{u"operation_id"_s, id.text()}, {u"cancel_requested"_s, true}});
}

} // namespace

void addOperationRoutes(Router &router, const UseCases &useCases)
{
    OperationService &operations = useCases.operations;
    const QString all = u"/v1/operations"_s;
    const QString one = all + u"/{operation_id}"_s;
    router.add({"GET", all, {}, [&operations](const RouteRequest &) {
                    return listOperations(operations);
                }});
    router.add({"GET", one, {}, [&operations](const RouteRequest &call) {
                    return showOperation(operations, call);
                }});
    router.add({"POST", one + u"/cancel"_s, {}, [&operations](const RouteRequest &call) {
                    return cancelOperation(operations, call);
                }});
}

} // namespace sandglass
