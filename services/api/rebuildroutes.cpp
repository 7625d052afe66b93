#include "services/api/routes.h"

#include "services/core/errorsentence.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

template <class Ids> QJsonArray idsJson(const Ids &ids)
{
    QJsonArray array;
    for (const auto &id : ids)
        array.append(id.text());
    return array;
}

QJsonObject toJson(const EngineRebuild &rebuild)
{
    QJsonArray skipped;
    for (const EngineRebuild::Skipped &each : rebuild.skipped)
        skipped.append(QJsonObject{{u"subject"_s, each.subject}, {u"reason"_s, each.reason}});
    QJsonObject object{
        {u"engine"_s, rebuild.engine.text()},
        {u"known"_s, rebuild.known},
        {u"sandboxes"_s, idsJson(rebuild.sandboxes)},
        {u"snapshots"_s, idsJson(rebuild.snapshots)},
        {u"skipped"_s, skipped},
    };
    if (rebuild.error)
        object.insert(u"error"_s, sentenceFor(*rebuild.error).text());
    return object;
}

Result<ApiResponse> rebuild(RebuildService &service, const RouteRequest &call)
{
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    SANDGLASS_CHECK(JsonFields(body).finish());
    SANDGLASS_TRY(const QList<EngineRebuild> rebuilds, service.rebuild(call.caller));
    QJsonArray array;
    for (const EngineRebuild &each : rebuilds)
        array.append(toJson(each));
    return jsonResponse(200, {{u"engines"_s, array}});
}

} // namespace

void addRebuildRoutes(Router &router, const UseCases &useCases)
{
    RebuildService &service = useCases.rebuild;
    router.add({"POST", u"/v1/rebuild"_s, {}, [&service](const RouteRequest &call) {
                    return rebuild(service, call);
                }});
}

} // namespace sandglass
