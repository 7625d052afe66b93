#include "services/usecases/settingsservice.h"

#include "services/storage/auditlog.h"
#include "services/storage/cleanuprepository.h"
#include "services/storage/database.h"
#include "services/storage/settingsrepository.h"

#include <algorithm>

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

/// Of each namespace the active snapshots, and how many of them a cleanup would delete now.
using Deletions = QHash<NamespaceName, std::pair<qint64, qint64>>;

Result<Deletions> deletionsNow(Session &session, const std::optional<NamespaceName> &namespaceName)
{
    SANDGLASS_TRY(
        const CleanupState state,
        CleanupRepository(session).state(namespaceName, CleanupScope::All));
    Deletions deletions;
    for (const CleanupEntry &entry :
         planCleanup(state, session.now(), QTimeZone::systemTimeZone())) {
        auto &[active, deleted] = deletions[entry.namespaceName];
        ++active;
        deleted += entry.deletes() ? 1 : 0;
    }
    return deletions;
}

/// Conflict when a namespace loses everything that it did not lose before.
Done refuseDeletingEverything(const Deletions &before, const Deletions &after)
{
    for (auto it = after.cbegin(); it != after.cend(); ++it) {
        const auto &[active, deleted] = *it;
        if (deleted < active || before.value(it.key()).second == active)
            continue;
        return failure(
            ErrorKind::Conflict,
            u"with these rules the next cleanup would delete all %1 snapshots of namespace %2; "
            "confirm it if that is what you want"_s.arg(active)
                .arg(it.key().text()));
    }
    return {};
}

bool changesWhatIsKept(const SettingChanges &changes)
{
    return std::any_of(changes.begin(), changes.end(), [](const auto &change) {
        return isRetentionRule(change.first);
    });
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
    const NamespaceName &namespaceName,
    const SettingChanges &changes,
    const Caller &caller,
    DeleteEverything allowed)
{
    for (const auto &[setting, value] : changes) {
        if (value)
            SANDGLASS_CHECK(validateSetting(setting, *value));
    }
    const bool isChecked = allowed == DeleteEverything::No && changesWhatIsKept(changes);
    const std::optional<NamespaceName> concerned =
        namespaceName.isEmpty() ? std::nullopt : std::optional(namespaceName);
    return m_database.write([&](Session &session) -> Done {
        SettingsRepository settings(session);
        Deletions goneBefore;
        if (isChecked) {
            SANDGLASS_TRY(goneBefore, deletionsNow(session, concerned));
        }
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
        if (!isChecked)
            return {};
        SANDGLASS_TRY(const Deletions after, deletionsNow(session, concerned));
        return refuseDeletingEverything(goneBefore, after);
    });
}

} // namespace sandglass
