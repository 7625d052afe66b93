#include "services/usecases/settingsservice.h"

#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/settingsrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<QList<SettingValue>> valuesFor(Session &session, const NamespaceName &namespaceName)
{
    QList<SettingValue> values;
    for (const SettingDefinition &definition : settingDefinitions()) {
        SANDGLASS_TRY(
            const SettingValue value,
            SettingsRepository(session).effective(definition.setting, namespaceName));
        values.append(value);
    }
    return values;
}

} // namespace

Result<QList<SettingValue>> SettingsService::list(const NamespaceName &namespaceName)
{
    return m_database.read(
        [&namespaceName](Session &session) { return valuesFor(session, namespaceName); });
}

Result<QList<SettingValue>> SettingsService::listAll()
{
    return m_database.read([](Session &session) -> Result<QList<SettingValue>> {
        SANDGLASS_TRY(QList<SettingValue> all, valuesFor(session, {}));
        SANDGLASS_TRY(
            const QList<NamespaceName> namespaces, SettingsRepository(session).namespaces());
        for (const NamespaceName &name : namespaces) {
            SANDGLASS_TRY(const QList<SettingValue> values, valuesFor(session, name));
            all.append(values);
        }
        return all;
    });
}

Done SettingsService::change(
    const NamespaceName &namespaceName, const SettingChanges &changes, const Caller &caller)
{
    for (const auto &[setting, value] : changes) {
        if (value)
            SANDGLASS_CHECK(validateSetting(setting, *value));
    }
    return m_database.write([&](Session &session) -> Done {
        SettingsRepository settings(session);
        for (const auto &[setting, value] : changes) {
            SANDGLASS_TRY(const auto before, settings.written(setting, namespaceName));
            const auto now = value ? std::optional(QString::number(*value)) : std::nullopt;
            if (now == before)
                continue;
            SANDGLASS_CHECK(settings.write(setting, namespaceName, value));
            const QString inherited = u"inherited"_s;
            SANDGLASS_CHECK(appendAudit(
                session,
                {caller,
                 u"change_setting"_s,
                 settingObject(setting, namespaceName),
                 u"%1, before: %2"_s.arg(now.value_or(inherited), before.value_or(inherited)),
                 {}}));
        }
        return {};
    });
}

} // namespace sandglass
