#include "services/api/resourcejson.h"
#include "services/api/routes.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<std::optional<Timestamp>> timeParameter(const RouteRequest &call, const QString &name)
{
    if (!call.query.contains(name))
        return std::optional<Timestamp>();
    bool isNumber = false;
    const qint64 milliseconds = call.query.value(name).toLongLong(&isNumber);
    if (!isNumber) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" must be a time in milliseconds since 1970 in UTC"_s.arg(name));
    }
    return std::optional(fromMilliseconds(milliseconds));
}

Result<ApiResponse> listAudit(AuditService &audit, const RouteRequest &call)
{
    AuditFilter filter;
    filter.object = call.query.value(u"object"_s);
    filter.action = call.query.value(u"action"_s);
    filter.who = call.query.value(u"who"_s);
    SANDGLASS_TRY(filter.since, timeParameter(call, u"since"_s));
    SANDGLASS_TRY(filter.until, timeParameter(call, u"until"_s));
    SANDGLASS_TRY(filter.limit, call.pageLimit());
    SANDGLASS_TRY(const AuditPage page, audit.list(filter, call.query.value(u"cursor"_s)));
    QJsonArray records;
    for (const AuditRecord &record : page.records)
        records.append(toJson(record));
    return jsonResponse(
        200, {{u"records"_s, records}, {u"next_cursor"_s, orNull(page.nextCursor)}});
}

} // namespace

void addAuditRoutes(Router &router, const UseCases &useCases)
{
    AuditService &audit = useCases.audit;
    router.add(
        {"GET",
         u"/v1/audit"_s,
         {u"object"_s, u"action"_s, u"who"_s, u"since"_s, u"until"_s, u"limit"_s, u"cursor"_s},
         [&audit](const RouteRequest &call) { return listAudit(audit, call); }});
}

} // namespace sandglass
