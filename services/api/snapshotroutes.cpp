#include "services/api/resourcejson.h"
#include "services/api/routes.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QJsonObject snapshotJson(const Snapshot &snapshot, const QList<Engine> &engines, const Clock &clock)
{
    QJsonObject object = toJson(snapshot, clock.now());
    addAsOf(object, snapshot, engines);
    return object;
}

Result<QJsonArray> snapshotsJson(const QList<Snapshot> &snapshots, const UseCases &useCases)
{
    SANDGLASS_TRY(const QList<Engine> engines, useCases.engines.list());
    QJsonArray array;
    for (const Snapshot &snapshot : snapshots)
        array.append(snapshotJson(snapshot, engines, useCases.clock));
    return array;
}

ApiResponse
accepted(const SnapshotId &snapshot, SnapshotStatus status, const OperationId &operation)
{
    return jsonResponse(
        202,
        {{u"snapshot_id"_s, snapshot.text()},
         {u"status"_s, nameOf(status)},
         {u"operation_id"_s, operation.text()}});
}

Result<CreateSnapshotRequest> createSnapshotRequestFrom(const RouteRequest &call)
{
    SANDGLASS_TRY(const auto namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const auto sandbox, call.id<SandboxId>(u"sandbox_id"_s));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    CreateSnapshotRequest request;
    request.namespaceName = namespaceName;
    request.sandbox = sandbox;
    request.ttlSeconds = fields.integer(u"ttl_secs"_s);
    request.tag = fields.text(u"tag"_s).value_or(QString());
    request.note = fields.text(u"note"_s).value_or(QString());
    request.pause =
        fields.boolean(u"pause"_s).value_or(true) ? PauseDuringCommit::Yes : PauseDuringCommit::No;
    request.scrubEnvironment = fields.boolean(u"scrub_environment"_s).value_or(false);
    request.acceptFindings = fields.boolean(u"accept_findings"_s);
    request.idempotencyKey = call.idempotencyKey;
    request.caller = call.caller;
    SANDGLASS_CHECK(fields.finish());
    return request;
}

Result<ApiResponse> createSnapshot(SnapshotService &snapshots, const RouteRequest &call)
{
    SANDGLASS_TRY(const CreateSnapshotRequest request, createSnapshotRequestFrom(call));
    SANDGLASS_TRY(const StartedSnapshot started, snapshots.create(request));
    return accepted(started.snapshot, SnapshotStatus::Creating, started.operation);
}

Result<ApiResponse> showSnapshotPlan(SnapshotService &snapshots, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const auto sandbox, call.id<SandboxId>(u"sandbox_id"_s));
    SANDGLASS_TRY(const SnapshotPlan plan, snapshots.planSnapshot(namespaceName, sandbox));
    return jsonResponse(200, toJson(plan));
}

Result<ApiResponse> listSnapshotsOfSandbox(const UseCases &useCases, const RouteRequest &call)
{
    SnapshotQuery query;
    SANDGLASS_TRY(query.namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(query.sandbox, call.id<SandboxId>(u"sandbox_id"_s));
    SANDGLASS_TRY(const SnapshotPage page, useCases.snapshots.list(query));
    // Snapshots outlive their sandbox, so a sandbox that is gone is only missing when it left none.
    if (page.snapshots.isEmpty())
        SANDGLASS_CHECK(useCases.sandboxes.find(*query.namespaceName, *query.sandbox));
    SANDGLASS_TRY(const QJsonArray snapshots, snapshotsJson(page.snapshots, useCases));
    return jsonResponse(200, {{u"snapshots"_s, snapshots}});
}

Result<SnapshotQuery> snapshotQueryFrom(const RouteRequest &call)
{
    SnapshotQuery query;
    SANDGLASS_TRY(query.namespaceName, call.id<NamespaceName>(u"namespace"_s));
    query.text = call.query.value(u"q"_s);
    query.cursor = call.query.value(u"cursor"_s);
    SANDGLASS_TRY(query.limit, call.pageLimit());
    if (call.query.contains(u"status"_s)) {
        query.status = snapshotStatusFrom(call.query.value(u"status"_s));
        if (!query.status)
            return failure(
                ErrorKind::InvalidArgument,
                u"\"status\" must be creating, active, deleting, failed or trashed"_s);
    }
    return query;
}

Result<ApiResponse> listSnapshots(const UseCases &useCases, const RouteRequest &call)
{
    SANDGLASS_TRY(const SnapshotQuery query, snapshotQueryFrom(call));
    SANDGLASS_TRY(const SnapshotPage page, useCases.snapshots.list(query));
    SANDGLASS_TRY(const QJsonArray snapshots, snapshotsJson(page.snapshots, useCases));
    return jsonResponse(
        200, {{u"snapshots"_s, snapshots}, {u"next_cursor"_s, orNull(page.nextCursor)}});
}

Result<ApiResponse> showSnapshot(const UseCases &useCases, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const auto id, call.id<SnapshotId>(u"snapshot_id"_s));
    SANDGLASS_TRY(const Snapshot snapshot, useCases.snapshots.find(namespaceName, id));
    SANDGLASS_TRY(const QList<Engine> engines, useCases.engines.list());
    return jsonResponse(200, snapshotJson(snapshot, engines, useCases.clock));
}

Result<SnapshotRequest> snapshotRequestFrom(const RouteRequest &call)
{
    SnapshotRequest request;
    SANDGLASS_TRY(request.namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(request.snapshot, call.id<SnapshotId>(u"snapshot_id"_s));
    request.caller = call.caller;
    return request;
}

Result<ApiResponse> deleteSnapshot(SnapshotService &snapshots, const RouteRequest &call)
{
    SANDGLASS_TRY(SnapshotRequest request, snapshotRequestFrom(call));
    SANDGLASS_TRY(request.trashSeconds, call.number(u"trash_secs"_s));
    SANDGLASS_TRY(const RemovedSnapshot removed, snapshots.remove(request));
    QJsonObject answer{
        {u"snapshot_id"_s, request.snapshot.text()}, {u"status"_s, nameOf(removed.status)}};
    if (removed.operation)
        answer.insert(u"operation_id"_s, removed.operation->text());
    return jsonResponse(202, answer);
}

Result<ApiResponse> dismissSnapshot(SnapshotService &snapshots, const RouteRequest &call)
{
    SANDGLASS_TRY(const SnapshotRequest request, snapshotRequestFrom(call));
    SANDGLASS_TRY(const OperationId operation, snapshots.dismiss(request));
    return accepted(request.snapshot, SnapshotStatus::Deleting, operation);
}

Result<ApiResponse> retrySnapshot(SnapshotService &snapshots, const RouteRequest &call)
{
    SANDGLASS_TRY(const SnapshotRequest request, snapshotRequestFrom(call));
    SANDGLASS_TRY(const StartedSnapshot started, snapshots.retry(request));
    return accepted(started.snapshot, SnapshotStatus::Creating, started.operation);
}

Result<RestoreRequest> restoreRequestFrom(const RouteRequest &call)
{
    RestoreRequest request;
    SANDGLASS_TRY(request.namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(request.snapshot, call.id<SnapshotId>(u"snapshot_id"_s));
    request.idempotencyKey = call.idempotencyKey;
    request.caller = call.caller;
    return request;
}

Result<ApiResponse> restoreSnapshot(SnapshotService &snapshots, const RouteRequest &call)
{
    SANDGLASS_TRY(RestoreRequest request, restoreRequestFrom(call));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    request.wish.force =
        fields.boolean(u"force"_s).value_or(false) ? ForceRestore::Yes : ForceRestore::No;
    request.reason = fields.text(u"reason"_s).value_or(QString());
    request.displayName = fields.text(u"name"_s, 128).value_or(QString());
    if (const auto engine = fields.text(u"engine"_s)) {
        SANDGLASS_TRY(request.wish.engine, EngineName::parse(*engine));
    }
    SANDGLASS_CHECK(fields.finish());
    SANDGLASS_TRY(const StartedRestore started, snapshots.restore(request));
    return jsonResponse(
        202,
        {{u"sandbox_id"_s, started.sandbox.text()},
         {u"status"_s, nameOf(SandboxStatus::Pending)},
         {u"restored_from_snapshot"_s, started.restoredFromSnapshot},
         {u"ttl_expired"_s, started.ttlExpired},
         {u"operation_id"_s, started.operation.text()}});
}

Result<ApiResponse> showRestorePlan(SnapshotService &snapshots, const RouteRequest &call)
{
    SANDGLASS_TRY(RestoreRequest request, restoreRequestFrom(call));
    SANDGLASS_TRY(const bool force, call.flag(u"force"_s));
    request.wish.force = force ? ForceRestore::Yes : ForceRestore::No;
    if (call.query.contains(u"engine"_s)) {
        SANDGLASS_TRY(request.wish.engine, EngineName::parse(call.query.value(u"engine"_s)));
    }
    SANDGLASS_TRY(const RestorePlan plan, snapshots.plan(request));
    return jsonResponse(200, toJson(plan));
}

} // namespace

void addSnapshotRoutes(Router &router, const UseCases &useCases)
{
    SnapshotService &snapshots = useCases.snapshots;
    const QString inNamespace = u"/v1/namespaces/{namespace}"_s;
    const QString sandbox = inNamespace + u"/sandboxes/{sandbox_id}"_s;
    const QString ofSandbox = sandbox + u"/snapshots"_s;
    const QString all = inNamespace + u"/snapshots"_s;
    const QString one = all + u"/{snapshot_id}"_s;
    router.add({"POST", ofSandbox, {}, [&snapshots](const RouteRequest &call) {
                    return createSnapshot(snapshots, call);
                }});
    router.add({"GET", sandbox + u"/snapshot-plan"_s, {}, [&snapshots](const RouteRequest &call) {
                    return showSnapshotPlan(snapshots, call);
                }});
    router.add({"GET", ofSandbox, {}, [useCases](const RouteRequest &call) {
                    return listSnapshotsOfSandbox(useCases, call);
                }});
    router.add(
        {"GET",
         all,
         {u"status"_s, u"q"_s, u"limit"_s, u"cursor"_s},
         [useCases](const RouteRequest &call) { return listSnapshots(useCases, call); }});
    router.add({"GET", one, {}, [useCases](const RouteRequest &call) {
                    return showSnapshot(useCases, call);
                }});
    router.add({"DELETE", one, {u"trash_secs"_s}, [&snapshots](const RouteRequest &call) {
                    return deleteSnapshot(snapshots, call);
                }});
    router.add({"POST", one + u"/dismiss"_s, {}, [&snapshots](const RouteRequest &call) {
                    return dismissSnapshot(snapshots, call);
                }});
    router.add({"POST", one + u"/retry"_s, {}, [&snapshots](const RouteRequest &call) {
                    return retrySnapshot(snapshots, call);
                }});
    router.add({"POST", one + u"/restore"_s, {}, [&snapshots](const RouteRequest &call) {
                    return restoreSnapshot(snapshots, call);
                }});
    router.add(
        {"GET",
         one + u"/restore-plan"_s,
         {u"force"_s, u"engine"_s},
         [&snapshots](const RouteRequest &call) { return showRestorePlan(snapshots, call); }});
}

} // namespace sandglass
