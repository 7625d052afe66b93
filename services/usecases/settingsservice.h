#pragma once

#include "services/domain/caller.h"
#include "services/domain/setting.h"

namespace sandglass {

class Database;

/// Whether rules may be changed so that the next cleanup deletes all snapshots of a namespace.
enum class DeleteEverything { No, Yes };

/// What the window and the API do with settings. Any worker thread; blocks for the database only.
class SettingsService
{
public:
    explicit SettingsService(Database &database)
        : m_database(database)
    { }

    /// What is in force for a namespace, whether it exists yet or not; an empty one: for all that
    /// have no values of their own. In the order of the table.
    [[nodiscard]] Result<QList<SettingValue>> list(const NamespaceName &namespaceName = {});

    /// The global values, then those of each namespace.
    [[nodiscard]] Result<QList<SettingValue>> listAll();

    /// Changes all or, when one value is out of its bounds, none (InvalidArgument); in force at
    /// once, also in other processes. Conflict, unless it is allowed, when a namespace would lose
    /// all its snapshots by it.
    [[nodiscard]] Done change(
        const NamespaceName &namespaceName,
        const SettingChanges &changes,
        const Caller &caller,
        DeleteEverything allowed = DeleteEverything::No);

private:
    Database &m_database;
};

} // namespace sandglass
