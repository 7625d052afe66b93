#pragma once

#include "services/domain/registry.h"
#include "services/storage/session.h"

namespace sandglass {

/// What hinders a registry from being forgotten.
struct RegistryUse
{
    int locations = 0;
    int operations = 0; ///< unfinished
};

/// Registries and what the work with them found out. Their names do not change.
class RegistryRepository
{
public:
    explicit RegistryRepository(Session &session)
        : m_session(session)
    { }

    [[nodiscard]] Result<QList<Registry>> list(); ///< by position, then by name
    [[nodiscard]] Result<Registry> find(const RegistryName &name); ///< NotFound
    [[nodiscard]] Done save(const Registry &registry); ///< inserts, or writes all of it
    [[nodiscard]] Done remove(const RegistryName &name); ///< with its locations
    [[nodiscard]] Result<RegistryUse> useOf(const RegistryName &name);

    /// Writes that it answered now, or why not; told as a change only when that is news.
    [[nodiscard]] Done noteAnswer(const RegistryName &name, const QString &error);
    /// It wants no requests before this time.
    [[nodiscard]] Done pause(const RegistryName &name, Timestamp until);
    /// Whether it lets manifests be deleted.
    [[nodiscard]] Done noteDeletion(const RegistryName &name, bool allowed);

private:
    Session &m_session;
};

} // namespace sandglass
