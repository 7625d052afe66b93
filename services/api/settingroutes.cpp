#include "services/api/routes.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// {"max_snapshots_per_namespace": 100, …, "sources": {"max_snapshots_per_namespace": "default",
/// …}}
Result<ApiResponse> showSettings(SettingsService &settings, const NamespaceName &namespaceName)
{
    SANDGLASS_TRY(const QList<SettingValue> values, settings.list(namespaceName));
    QJsonObject answer;
    QJsonObject sources;
    for (const SettingValue &value : values) {
        const QString name = definitionOf(value.setting).name;
        answer.insert(name, value.value);
        sources.insert(name, nameOf(value.source));
    }
    answer.insert(u"sources"_s, sources);
    return jsonResponse(200, answer);
}

/// What is left out stays as it is; null takes a value away.
Result<ApiResponse> changeSettings(
    SettingsService &settings, const NamespaceName &namespaceName, const RouteRequest &call)
{
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    SettingChanges changes;
    for (const SettingDefinition &definition : settingDefinitions()) {
        if (body.contains(definition.name))
            changes[definition.setting] = fields.integer(definition.name);
    }
    SANDGLASS_CHECK(fields.finish());
    SANDGLASS_TRY(const bool confirmed, call.flag(u"confirm"_s));
    SANDGLASS_CHECK(settings.change(
        namespaceName,
        changes,
        call.caller,
        confirmed ? DeleteEverything::Yes : DeleteEverything::No));
    return showSettings(settings, namespaceName);
}

} // namespace

void addSettingRoutes(Router &router, const UseCases &useCases)
{
    SettingsService &settings = useCases.settings;
    const QString global = u"/v1/settings"_s;
    const QString ofNamespace = u"/v1/namespaces/{namespace}/settings"_s;
    router.add({"GET", global, {}, [&settings](const RouteRequest &) {
                    return showSettings(settings, {});
                }});
    router.add({"PATCH", global, {u"confirm"_s}, [&settings](const RouteRequest &call) {
                    return changeSettings(settings, {}, call);
                }});
    router.add(
        {"GET", ofNamespace, {}, [&settings](const RouteRequest &call) -> Result<ApiResponse> {
             SANDGLASS_TRY(const auto name, call.id<NamespaceName>(u"namespace"_s));
             return showSettings(settings, name);
         }});
    router.add(
        {"PATCH",
         ofNamespace,
         {u"confirm"_s},
         [&settings](const RouteRequest &call) -> Result<ApiResponse> {
             SANDGLASS_TRY(const auto name, call.id<NamespaceName>(u"namespace"_s));
             return changeSettings(settings, name, call);
         }});
}

} // namespace sandglass
