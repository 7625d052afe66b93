#include "tests/support/auditrule.h"

#include <QHash>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStringList>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// A change leaves a row behind whose reference is nowhere; the audit record takes it away. SQLite
/// looks at such references when the transaction is committed.
const QStringList rule{
    u"CREATE TABLE IF NOT EXISTS unaudited (object TEXT PRIMARY KEY, proof INTEGER NOT NULL "
    u"DEFAULT 0 "
    "REFERENCES audit (seq) DEFERRABLE INITIALLY DEFERRED)"_s,
    u"CREATE TRIGGER IF NOT EXISTS audited AFTER INSERT ON audit BEGIN "
    "DELETE FROM unaudited WHERE object = NEW.object; END"_s,
};

QString
watch(const QString &event, const QString &table, const QString &object, const QString &when = {})
{
    return u"CREATE TRIGGER IF NOT EXISTS watched_%1 AFTER %2 ON %3 %4 BEGIN "
           "INSERT OR IGNORE INTO unaudited (object) VALUES (%5); END"_s
               .arg(qHash(event + table + when))
               .arg(event, table, when.isEmpty() ? QString() : u"WHEN "_s + when, object);
}

const QString settingObject =
    u"CASE %1.namespace WHEN '' THEN '' ELSE %1.namespace || '/' END || %1.name"_s;

QStringList statements()
{
    const QString another = u"NEW.%1 <> OLD.%1"_s;
    return rule
        + QStringList{
            watch(u"INSERT"_s, u"sandboxes"_s, u"NEW.id"_s),
            watch(u"UPDATE"_s, u"sandboxes"_s, u"NEW.id"_s, another.arg(u"status"_s)),
            watch(u"DELETE"_s, u"sandboxes"_s, u"OLD.id"_s, u"OLD.status <> 'terminated'"_s),
            watch(u"INSERT"_s, u"snapshots"_s, u"NEW.id"_s),
            watch(u"UPDATE"_s, u"snapshots"_s, u"NEW.id"_s, another.arg(u"status"_s)),
            watch(u"DELETE"_s, u"snapshots"_s, u"OLD.id"_s),
            watch(u"INSERT"_s, u"engines"_s, u"NEW.name"_s),
            watch(u"UPDATE"_s, u"engines"_s, u"NEW.name"_s, another.arg(u"state"_s)),
            watch(u"UPDATE"_s, u"engines"_s, u"NEW.name"_s, another.arg(u"address"_s)),
            watch(u"DELETE"_s, u"engines"_s, u"OLD.name"_s),
            watch(u"INSERT"_s, u"settings"_s, settingObject.arg(u"NEW"_s)),
            watch(u"UPDATE"_s, u"settings"_s, settingObject.arg(u"NEW"_s)),
            watch(u"DELETE"_s, u"settings"_s, settingObject.arg(u"OLD"_s)),
        };
}

} // namespace

void refuseUnauditedChanges(const QString &file)
{
    const QString name = u"audit rule"_s;
    {
        QSqlDatabase connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        connection.setDatabaseName(file);
        if (!connection.open())
            qFatal("%s", qPrintable(connection.lastError().text()));
        QSqlQuery query(connection);
        for (const QString &statement : statements()) {
            if (!query.exec(statement))
                qFatal("%s: %s", qPrintable(statement), qPrintable(query.lastError().text()));
        }
    }
    QSqlDatabase::removeDatabase(name);
}

} // namespace sandglass
