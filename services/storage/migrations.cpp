#include "services/storage/migrations.h"

#include "services/core/logging.h"
#include "services/storage/auditlog.h"

#include <QDir>
#include <QFile>
#include <QSqlError>
#include <QSqlQuery>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QLatin1StringView endOfStatement("\n----\n");
constexpr int auditChainVersion = 2;

Done execute(QSqlDatabase &connection, const QString &statement)
{
    QSqlQuery query(connection);
    if (!query.exec(statement))
        return failure(storageError(
            query.lastError(), u"change the database's schema"_s, connection.databaseName()));
    return {};
}

Done apply(QSqlDatabase &connection, const Migration &migration)
{
    SANDGLASS_CHECK(execute(connection, u"BEGIN IMMEDIATE"_s));
    const auto applied = [&]() -> Done {
        SANDGLASS_TRY(const int present, schemaVersion(connection));
        if (present >= migration.version)
            return execute(connection, u"COMMIT"_s); // another program was quicker
        for (const QString &statement : migration.statements)
            SANDGLASS_CHECK(execute(connection, statement));
        if (migration.finish) {
            Session session(connection, {});
            SANDGLASS_CHECK(migration.finish(session));
        }
        SANDGLASS_CHECK(execute(connection, u"PRAGMA user_version = %1"_s.arg(migration.version)));
        return execute(connection, u"COMMIT"_s);
    }();
    if (!applied) {
        if (const Done undone = execute(connection, u"ROLLBACK"_s); !undone)
            qCWarning(storageLog) << "rollback of a migration:" << undone.error().summary();
    }
    return applied;
}

} // namespace

Result<QList<Migration>> bundledMigrations()
{
    QList<Migration> migrations;
    const QDir folder(u":/schema"_s);
    for (const QString &name : folder.entryList({u"*.sql"_s}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return failure(
                ErrorKind::Internal, u"the bundled schema %1 cannot be read"_s.arg(name));
        Migration migration;
        migration.version = name.left(4).toInt();
        migration.statements =
            QString::fromUtf8(file.readAll()).split(endOfStatement, Qt::SkipEmptyParts);
        if (migration.version == auditChainVersion)
            migration.finish = chainOldAudit;
        migrations.append(migration);
    }
    return migrations;
}

Result<int> schemaVersion(QSqlDatabase &connection)
{
    QSqlQuery query(connection);
    if (!query.exec(u"PRAGMA user_version"_s) || !query.next())
        return failure(storageError(
            query.lastError(), u"read the schema version"_s, connection.databaseName()));
    return query.value(0).toInt();
}

Done checkSchema(QSqlDatabase &connection, const QList<Migration> &migrations)
{
    SANDGLASS_TRY(const int present, schemaVersion(connection));
    const int newest = migrations.isEmpty() ? 0 : migrations.last().version;
    const QStringList tables = connection.tables();
    if (present == 0 ? !tables.isEmpty() : !tables.contains(u"operation_steps"_s)) {
        return failure(Error{
            ErrorKind::Storage,
            u"it belongs to another program and was left alone; choose another folder with "
            "--data-dir"_s,
            connection.databaseName(),
            {},
            0});
    }
    if (present > newest) {
        return failure(Error{
            ErrorKind::UnsupportedVersion,
            u"the database was written by a newer Sandglass (schema %1, this one knows %2); "
            "nothing was changed; use that newer version"_s.arg(present)
                .arg(newest),
            connection.databaseName(),
            {},
            0});
    }
    return {};
}

Done migrate(QSqlDatabase &connection, const QList<Migration> &migrations)
{
    SANDGLASS_TRY(const int present, schemaVersion(connection));
    for (const Migration &migration : migrations) {
        if (migration.version > present)
            SANDGLASS_CHECK(apply(connection, migration));
    }
    return {};
}

} // namespace sandglass
