#pragma once

#include "services/domain/setting.h"
#include "services/storage/session.h"

namespace sandglass {

/// The values that operators gave settings. An empty namespace stands for all namespaces.
class SettingsRepository
{
public:
    explicit SettingsRepository(Session &session)
        : m_session(session)
    { }

    /// What is in force: the namespace's own value, else the global one, else the default. Storage,
    /// with what to do, for a value that somebody wrote there by hand and that is none.
    [[nodiscard]] Result<SettingValue>
    effective(Setting setting, const NamespaceName &namespaceName = {});

    /// What is written down at exactly this place; nothing, or whatever somebody wrote there.
    [[nodiscard]] Result<std::optional<QString>>
    written(Setting setting, const NamespaceName &namespaceName);

    /// Nothing takes the value away. The caller validated it.
    [[nodiscard]] Done
    write(Setting setting, const NamespaceName &namespaceName, std::optional<qint64> value);

    /// The namespaces that exist or have a value of their own; by name.
    [[nodiscard]] Result<QList<NamespaceName>> namespaces();

private:
    Session &m_session;
};

} // namespace sandglass
