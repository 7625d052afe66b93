#include "services/api/resourcejson.h"
#include "services/api/routes.h"
#include "services/core/errorsentence.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QJsonObject entryJson(const CleanupEntry &entry)
{
    QJsonObject object{
        {u"snapshot_id"_s, entry.snapshot.text()},
        {u"sandbox_id"_s, entry.sandbox.text()},
        {u"namespace"_s, entry.namespaceName.text()},
        {u"action"_s, entry.deletes() ? u"delete"_s : u"keep"_s},
        {u"rule"_s, nameOf(entry.rule)},
        {u"reason"_s, entry.reason},
        {u"bytes"_s, entry.bytes ? QJsonValue(*entry.bytes) : QJsonValue()},
    };
    addTime(object, u"expires_at"_s, entry.expiresAt);
    return object;
}

Result<std::optional<NamespaceName>> namespaceFrom(const std::optional<QString> &text)
{
    if (!text)
        return std::optional<NamespaceName>();
    SANDGLASS_TRY(const NamespaceName name, NamespaceName::parse(*text));
    return std::optional(name);
}

std::optional<QString> parameter(const RouteRequest &call, const QString &name)
{
    return call.query.contains(name) ? std::optional(call.query.value(name)) : std::nullopt;
}

Result<CleanupScope> scopeFrom(const QString &text)
{
    if (text == "all"_L1)
        return CleanupScope::All;
    if (text == "expired"_L1)
        return CleanupScope::Expired;
    return failure(ErrorKind::InvalidArgument, u"\"scope\" must be all or expired"_s);
}

Result<ApiResponse> showPlan(CleanupService &cleanup, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto name, namespaceFrom(parameter(call, u"namespace"_s)));
    SANDGLASS_TRY(const auto scope, scopeFrom(call.query.value(u"scope"_s, u"all"_s)));
    SANDGLASS_TRY(const CleanupPlan plan, cleanup.plan(name, scope));
    QJsonArray entries;
    for (const CleanupEntry &entry : plan.entries)
        entries.append(entryJson(entry));
    QJsonObject answer{
        {u"plan_id"_s, plan.id},
        {u"made_at"_s, toMilliseconds(plan.madeAt)},
        {u"entries"_s, entries},
        {u"deletions"_s, plan.deletions},
        {u"bytes"_s, plan.bytes},
    };
    if (plan.namespaceName)
        answer.insert(u"namespace"_s, plan.namespaceName->text());
    addText(answer, u"question"_s, plan.question);
    return jsonResponse(200, answer);
}

Result<ApiResponse> runPlan(CleanupService &cleanup, const RouteRequest &call)
{
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    CleanupRequest request;
    request.plan = fields.requiredText(u"plan_id"_s, 80);
    const auto name = fields.text(u"namespace"_s, 80);
    request.confirmed = fields.boolean(u"confirm"_s).value_or(false);
    request.caller = call.caller;
    SANDGLASS_CHECK(fields.finish());
    SANDGLASS_TRY(request.namespaceName, namespaceFrom(name));
    SANDGLASS_TRY(const QString run, cleanup.run(request));
    return jsonResponse(202, {{u"run_id"_s, run}});
}

QJsonObject runJson(const CleanupRun &run)
{
    QJsonObject object{
        {u"run_id"_s, run.id},
        {u"by_timer"_s, run.byTimer},
        {u"requested_by"_s, run.caller.text()},
        {u"plan_made_at"_s, toMilliseconds(run.planMadeAt)},
        {u"started_at"_s, toMilliseconds(run.startedAt)},
        {u"planned"_s, run.planned},
        {u"deleted"_s, run.deleted},
        {u"skipped"_s, run.skipped},
        {u"failed"_s, run.failed},
        {u"bytes"_s, run.bytes},
    };
    addTime(object, u"finished_at"_s, run.finishedAt);
    return object;
}

QJsonObject itemJson(const CleanupItem &item)
{
    QJsonObject object{
        {u"snapshot_id"_s, item.snapshot.text()},
        {u"namespace"_s, item.namespaceName.text()},
        {u"outcome"_s, nameOf(item.outcome)},
        {u"reason"_s, item.reason},
        {u"bytes"_s, item.bytes},
    };
    addText(object, u"operation_id"_s, item.operation.text());
    return object;
}

Result<ApiResponse> listRuns(CleanupService &cleanup, const RouteRequest &call)
{
    SANDGLASS_TRY(const int limit, call.pageLimit());
    SANDGLASS_TRY(const QList<CleanupRun> runs, cleanup.history(limit));
    QJsonArray array;
    for (const CleanupRun &run : runs)
        array.append(runJson(run));
    return jsonResponse(200, {{u"runs"_s, array}});
}

Result<ApiResponse> showRun(CleanupService &cleanup, const RouteRequest &call)
{
    SANDGLASS_TRY(const CleanupRun run, cleanup.find(call.captured.value(u"run_id"_s)));
    QJsonArray items;
    for (const CleanupItem &item : run.items)
        items.append(itemJson(item));
    QJsonObject answer = runJson(run);
    answer.insert(u"items"_s, items);
    return jsonResponse(200, answer);
}

Result<ApiResponse> showStatus(CleanupService &cleanup)
{
    SANDGLASS_TRY(const CleanupStatus status, cleanup.status());
    QJsonObject answer{
        {u"interval_secs"_s, status.intervalSeconds},
        {u"next_at"_s, toMilliseconds(status.nextAt)},
    };
    addTime(answer, u"last_at"_s, status.lastAt);
    addText(answer, u"question"_s, status.question);
    return jsonResponse(200, answer);
}

QJsonObject countsJson(const SnapshotCounts &counts)
{
    QJsonObject byStatus;
    for (const auto &[status, count] : counts.byStatus)
        byStatus.insert(nameOf(status), count);
    QJsonObject object{
        {u"total"_s, counts.total},
        {u"by_status"_s, byStatus},
        {u"expired"_s, counts.expired},
        {u"expiring_within_1_day"_s, counts.expiringWithinDay},
        {u"expiring_within_7_days"_s, counts.expiringWithinWeek},
        {u"expiring_within_30_days"_s, counts.expiringWithinMonth},
        {u"bytes"_s, counts.bytes},
        {u"unique_bytes"_s, counts.uniqueBytes},
    };
    addTime(object, u"oldest_at"_s, counts.oldestAt);
    return object;
}

Result<ApiResponse> showStatistics(CleanupService &cleanup)
{
    SANDGLASS_TRY(const SnapshotStatistics statistics, cleanup.statistics());
    QJsonObject namespaces;
    for (const auto &[name, counts] : statistics.namespaces)
        namespaces.insert(name.text(), countsJson(counts));
    return jsonResponse(
        200, {{u"snapshots"_s, countsJson(statistics.all)}, {u"namespaces"_s, namespaces}});
}

QJsonObject orphansJson(const EngineOrphans &orphans)
{
    QJsonArray images;
    for (const OrphanedImage &image : orphans.images) {
        images.append(QJsonObject{
            {u"image_id"_s, image.imageId},
            {u"image_ref"_s, image.names.last()},
            {u"snapshot_id"_s, image.snapshot.text()},
            {u"namespace"_s, image.namespaceName},
            {u"size_bytes"_s, image.sizeBytes},
            {u"created_at"_s, toMilliseconds(image.createdAt)}});
    }
    QJsonObject object{{u"engine"_s, orphans.engine.text()}, {u"images"_s, images}};
    if (orphans.error)
        addText(object, u"error"_s, sentenceFor(*orphans.error).text());
    return object;
}

Result<ApiResponse> listOrphans(OrphanService &orphans)
{
    SANDGLASS_TRY(const QList<EngineOrphans> found, orphans.list());
    QJsonArray engines;
    for (const EngineOrphans &each : found)
        engines.append(orphansJson(each));
    return jsonResponse(200, {{u"engines"_s, engines}});
}

Result<ApiResponse> removeOrphan(OrphanService &orphans, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto engine, EngineName::parse(call.query.value(u"engine"_s)));
    const QString image = call.query.value(u"image_id"_s);
    if (image.isEmpty())
        return failure(ErrorKind::InvalidArgument, u"\"image_id\" is missing"_s);
    SANDGLASS_CHECK(orphans.remove(engine, image, call.caller));
    return jsonResponse(200, {{u"image_id"_s, image}});
}

} // namespace

void addCleanupRoutes(Router &router, const UseCases &useCases)
{
    CleanupService &cleanup = useCases.cleanup;
    const QString all = u"/v1/cleanup"_s;
    router.add(
        {"GET",
         all + u"/plan"_s,
         {u"namespace"_s, u"scope"_s},
         [&cleanup](const RouteRequest &call) { return showPlan(cleanup, call); }});
    router.add({"POST", all + u"/run"_s, {}, [&cleanup](const RouteRequest &call) {
                    return runPlan(cleanup, call);
                }});
    router.add({"GET", all + u"/runs"_s, {u"limit"_s}, [&cleanup](const RouteRequest &call) {
                    return listRuns(cleanup, call);
                }});
    router.add({"GET", all + u"/runs/{run_id}"_s, {}, [&cleanup](const RouteRequest &call) {
                    return showRun(cleanup, call);
                }});
    router.add({"GET", all + u"/status"_s, {}, [&cleanup](const RouteRequest &) {
                    return showStatus(cleanup);
                }});
    OrphanService &orphans = useCases.orphans;
    router.add({"GET", all + u"/orphans"_s, {}, [&orphans](const RouteRequest &) {
                    return listOrphans(orphans);
                }});
    router.add(
        {"DELETE",
         all + u"/orphans"_s,
         {u"engine"_s, u"image_id"_s},
         [&orphans](const RouteRequest &call) { return removeOrphan(orphans, call); }});
    router.add({"GET", u"/v1/stats"_s, {}, [&cleanup](const RouteRequest &) {
                    return showStatistics(cleanup);
                }});
}

} // namespace sandglass
