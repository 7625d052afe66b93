#include "services/api/resourcejson.h"
#include "services/api/routes.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QJsonObject scheduleJson(const SnapshotSchedule &schedule)
{
    QJsonObject object{
        {u"schedule_id"_s, schedule.id.text()},
        {u"namespace"_s, schedule.namespaceName.text()},
        {u"name"_s, schedule.name.text()},
        {u"cron"_s, schedule.cron},
        {u"time_zone"_s, schedule.timeZone},
        {u"paused"_s, schedule.paused},
    };
    addText(object, u"sandbox_id"_s, schedule.sandbox.text());
    addText(object, u"selector"_s, schedule.selector);
    addText(object, u"tag_pattern"_s, schedule.tagPattern);
    if (schedule.ttlSeconds)
        object.insert(u"ttl_secs"_s, *schedule.ttlSeconds);
    addTime(object, u"next_run_at"_s, schedule.nextRunAt);
    addTime(object, u"last_run_at"_s, schedule.lastRunAt);
    addText(object, u"error"_s, schedule.error);
    return object;
}

Result<ApiResponse> listSchedules(ScheduleService &schedules, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto space, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const QList<SnapshotSchedule> found, schedules.list(space));
    QJsonArray array;
    for (const SnapshotSchedule &schedule : found)
        array.append(scheduleJson(schedule));
    return jsonResponse(200, {{u"schedules"_s, array}});
}

Result<ApiResponse> showSchedule(ScheduleService &schedules, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto space, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const auto name, call.id<ScheduleName>(u"name"_s));
    SANDGLASS_TRY(const SnapshotSchedule schedule, schedules.find(space, name));
    return jsonResponse(200, scheduleJson(schedule));
}

Result<ApiResponse> putSchedule(ScheduleService &schedules, const RouteRequest &call)
{
    SnapshotSchedule schedule;
    SANDGLASS_TRY(schedule.namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(schedule.name, call.id<ScheduleName>(u"name"_s));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    const auto sandbox = fields.text(u"sandbox_id"_s, 80);
    schedule.selector = fields.text(u"selector"_s).value_or(QString());
    schedule.cron = fields.requiredText(u"cron"_s, 1'000);
    schedule.timeZone = fields.text(u"time_zone"_s, 100).value_or(QString());
    schedule.ttlSeconds = fields.integer(u"ttl_secs"_s);
    schedule.tagPattern = fields.text(u"tag_pattern"_s, 200).value_or(QString());
    schedule.paused = fields.boolean(u"paused"_s).value_or(false);
    SANDGLASS_CHECK(fields.finish());
    if (sandbox) {
        SANDGLASS_TRY(schedule.sandbox, SandboxId::parse(*sandbox));
    }
    SANDGLASS_TRY(const SnapshotSchedule put, schedules.put(schedule, call.caller));
    return jsonResponse(200, scheduleJson(put));
}

Result<ApiResponse> removeSchedule(ScheduleService &schedules, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto space, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const auto name, call.id<ScheduleName>(u"name"_s));
    SANDGLASS_CHECK(schedules.remove(space, name, call.caller));
    return jsonResponse(200, {{u"name"_s, name.text()}});
}

} // namespace

void addScheduleRoutes(Router &router, const UseCases &useCases)
{
    ScheduleService &schedules = useCases.schedules;
    const QString all = u"/v1/namespaces/{namespace}/schedules"_s;
    const QString one = all + u"/{name}"_s;
    router.add({"GET", all, {}, [&schedules](const RouteRequest &call) {
                    return listSchedules(schedules, call);
                }});
    router.add({"GET", one, {}, [&schedules](const RouteRequest &call) {
                    return showSchedule(schedules, call);
                }});
    router.add({"PUT", one, {}, [&schedules](const RouteRequest &call) {
                    return putSchedule(schedules, call);
                }});
    router.add({"DELETE", one, {}, [&schedules](const RouteRequest &call) {
                    return removeSchedule(schedules, call);
                }});
}

} // namespace sandglass
