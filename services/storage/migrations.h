#pragma once

#include "services/storage/session.h"

#include <QSqlDatabase>
#include <QStringList>

#include <functional>

namespace sandglass {

/// One numbered migration: what leads from version - 1 to version.
struct Migration
{
    int version = 0;
    QStringList statements;
    std::function<Done(Session &)> finish; ///< what SQL cannot say, after them; may be empty
};

/// The migrations of this program, in order, from the resource folder ":/schema".
[[nodiscard]] Result<QList<Migration>> bundledMigrations();

/// The schema version in the file (PRAGMA user_version); 0 for a new one.
[[nodiscard]] Result<int> schemaVersion(QSqlDatabase &connection);

/// Whether these migrations can begin where the database is: UnsupportedVersion for a newer schema,
/// Storage for a database of another program. Changes nothing.
[[nodiscard]] Done checkSchema(QSqlDatabase &connection, const QList<Migration> &migrations);

/// Brings the database to the newest version, each migration in one transaction with its version;
/// several programs may do it at once. A statement that fails leaves the version before it. The
/// caller checked the schema.
[[nodiscard]] Done migrate(QSqlDatabase &connection, const QList<Migration> &migrations);

} // namespace sandglass
