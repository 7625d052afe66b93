#include "services/api/resourcejson.h"
#include "services/api/routes.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int mostAtOnce = 1'000;

/// The snapshots that a body names.
Result<QList<SnapshotId>> snapshotsFrom(const std::optional<QStringList> &texts)
{
    if (!texts || texts->isEmpty() || texts->size() > mostAtOnce) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"snapshot_ids\" must name 1 to %1 snapshots"_s.arg(mostAtOnce));
    }
    QList<SnapshotId> ids;
    for (const QString &text : *texts) {
        SANDGLASS_TRY(const SnapshotId id, SnapshotId::parse(text));
        ids.append(id);
    }
    return ids;
}

/// What is asked for, and for which snapshots: the fields of the body that all calls have.
struct RetentionCall
{
    NamespaceName namespaceName;
    QList<SnapshotId> snapshots;
};

Result<RetentionCall> retentionCallFrom(const RouteRequest &call, JsonFields &fields)
{
    const auto texts = fields.texts(u"snapshot_ids"_s);
    SANDGLASS_CHECK(fields.finish());
    RetentionCall wanted;
    SANDGLASS_TRY(wanted.namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(wanted.snapshots, snapshotsFrom(texts));
    return wanted;
}

Result<ApiResponse> changed(const RetentionCall &wanted)
{
    return jsonResponse(200, {{u"changed"_s, wanted.snapshots.size()}});
}

Result<ApiResponse> changeTtl(RetentionService &retention, const RouteRequest &call)
{
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    const auto ttl = fields.integer(u"ttl_secs"_s);
    SANDGLASS_TRY(const RetentionCall wanted, retentionCallFrom(call, fields));
    if (!ttl)
        return failure(ErrorKind::InvalidArgument, u"\"ttl_secs\" is missing (0 means never)"_s);
    SANDGLASS_CHECK(retention.changeTtl(wanted.namespaceName, wanted.snapshots, *ttl, call.caller));
    return changed(wanted);
}

Result<ApiResponse> pinSnapshots(RetentionService &retention, const RouteRequest &call)
{
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    const QString reason = fields.requiredText(u"reason"_s);
    const auto until = fields.integer(u"until"_s);
    SANDGLASS_TRY(const RetentionCall wanted, retentionCallFrom(call, fields));
    SANDGLASS_CHECK(retention.pin(
        wanted.namespaceName,
        wanted.snapshots,
        reason,
        until ? std::optional(fromMilliseconds(*until)) : std::nullopt,
        call.caller));
    return changed(wanted);
}

using Change =
    Done (RetentionService::*)(const NamespaceName &, const QList<SnapshotId> &, const Caller &);

Result<ApiResponse>
changeWithoutWords(RetentionService &retention, Change change, const RouteRequest &call)
{
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    SANDGLASS_TRY(const RetentionCall wanted, retentionCallFrom(call, fields));
    SANDGLASS_CHECK((retention.*change)(wanted.namespaceName, wanted.snapshots, call.caller));
    return changed(wanted);
}

} // namespace

void addRetentionRoutes(Router &router, const UseCases &useCases)
{
    RetentionService &retention = useCases.retention;
    const QString snapshots = u"/v1/namespaces/{namespace}/snapshots"_s;
    router.add({"POST", snapshots + u"/change-ttl"_s, {}, [&retention](const RouteRequest &call) {
                    return changeTtl(retention, call);
                }});
    router.add({"POST", snapshots + u"/pin"_s, {}, [&retention](const RouteRequest &call) {
                    return pinSnapshots(retention, call);
                }});
    router.add({"POST", snapshots + u"/unpin"_s, {}, [&retention](const RouteRequest &call) {
                    return changeWithoutWords(retention, &RetentionService::unpin, call);
                }});
    router.add({"POST", snapshots + u"/take-back"_s, {}, [&retention](const RouteRequest &call) {
                    return changeWithoutWords(retention, &RetentionService::takeBack, call);
                }});
}

} // namespace sandglass
