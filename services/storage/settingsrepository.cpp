#include "services/storage/settingsrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<SettingValue>
SettingsRepository::effective(Setting setting, const NamespaceName &namespaceName)
{
    const SettingDefinition &definition = definitionOf(setting);
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT value, namespace FROM settings WHERE name = ? AND namespace IN ('', ?) "
            "ORDER BY namespace DESC LIMIT 1"_s,
            {definition.name, nonNull(namespaceName.text())}));
    SettingValue effective{setting, namespaceName, definition.defaultValue, SettingSource::Default};
    if (!query.next())
        return effective;
    const QString text = query.value(0).toString();
    bool isNumber = false;
    effective.value = text.toLongLong(&isNumber);
    effective.source =
        query.value(1).toString().isEmpty() ? SettingSource::Global : SettingSource::Namespace;
    if (!isNumber || !validateSetting(setting, effective.value)) {
        return failure(
            ErrorKind::Storage,
            u"the setting %1 has the value \"%2\" in the database, where a number from %3 to %4 "
            "belongs; set it again"_s
                .arg(
                    settingObject(
                        setting,
                        effective.source == SettingSource::Global ? NamespaceName()
                                                                  : namespaceName),
                    text.left(80))
                .arg(definition.least)
                .arg(definition.most));
    }
    return effective;
}

Result<std::optional<QString>>
SettingsRepository::written(Setting setting, const NamespaceName &namespaceName)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT value FROM settings WHERE namespace = ? AND name = ?"_s,
            {nonNull(namespaceName.text()), definitionOf(setting).name}));
    return query.next() ? std::optional(query.value(0).toString()) : std::nullopt;
}

Done SettingsRepository::write(
    Setting setting, const NamespaceName &namespaceName, std::optional<qint64> value)
{
    SANDGLASS_CHECK(m_session.recordChange(
        Change::Subject::Setting, settingObject(setting, namespaceName), !value));
    const QString place = nonNull(namespaceName.text());
    const QString name = definitionOf(setting).name;
    if (!value) {
        SANDGLASS_CHECK(m_session.run(
            u"DELETE FROM settings WHERE namespace = ? AND name = ?"_s, {place, name}));
        return {};
    }
    SANDGLASS_CHECK(m_session.run(
        u"INSERT INTO settings (namespace, name, value) VALUES (?, ?, ?) "
        "ON CONFLICT (namespace, name) DO UPDATE SET value = excluded.value"_s,
        {place, name, QString::number(*value)}));
    return {};
}

Result<QList<NamespaceName>> SettingsRepository::namespaces()
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(u"SELECT name FROM namespaces UNION SELECT namespace FROM settings "
                      "WHERE namespace <> '' ORDER BY 1"_s));
    QList<NamespaceName> names;
    while (query.next())
        names.append(NamespaceName::trusted(query.value(0).toString()));
    return names;
}

} // namespace sandglass
