#include "services/storage/databasecheck.h"

#include "services/domain/engine.h"
#include "services/domain/location.h"
#include "services/domain/operation.h"
#include "services/domain/registry.h"
#include "services/domain/sandbox.h"
#include "services/domain/snapshot.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// A column that holds one of the names of an enumeration.
struct NamedColumn
{
    QString table;
    QString key; ///< the column that tells people which row it is
    QString column;
    bool (*isKnown)(const QString &name);
};

/// A name that is none gives another value's name back.
const QList<NamedColumn> namedColumns{
    {u"engines"_s,
     u"name"_s,
     u"state"_s,
     [](const QString &name) { return nameOf(engineStateFrom(name)) == name; }},
    {u"sandboxes"_s,
     u"id"_s,
     u"status"_s,
     [](const QString &name) { return nameOf(sandboxStatusFrom(name)) == name; }},
    {u"snapshots"_s,
     u"id"_s,
     u"status"_s,
     [](const QString &name) { return snapshotStatusFrom(name).has_value(); }},
    {u"locations"_s,
     u"snapshot"_s,
     u"kind"_s,
     [](const QString &name) { return nameOf(locationKindFrom(name)) == name; }},
    {u"locations"_s,
     u"snapshot"_s,
     u"state"_s,
     [](const QString &name) { return nameOf(locationStateFrom(name)) == name; }},
    {u"operations"_s,
     u"id"_s,
     u"kind"_s,
     [](const QString &name) { return nameOf(operationKindFrom(name)) == name; }},
    {u"operations"_s,
     u"id"_s,
     u"state"_s,
     [](const QString &name) { return nameOf(operationStateFrom(name)) == name; }},
    {u"registries"_s,
     u"name"_s,
     u"credential_source"_s,
     [](const QString &name) { return credentialSourceFrom(name).has_value(); }},
};

/// What no row may be.
struct ForbiddenRow
{
    QString table;
    QString key;
    QString condition;
    QString what;
};

const QList<ForbiddenRow> forbiddenRows{
    {u"sandboxes"_s,
     u"id"_s,
     u"typeof(created_at) <> 'integer' OR typeof(changed_at) <> 'integer'"_s,
     u"has a time that is no number"_s},
    {u"snapshots"_s,
     u"id"_s,
     u"typeof(created_at) <> 'integer' OR typeof(ttl_secs) <> 'integer' OR ttl_secs < 0"_s,
     u"has a time or a TTL that is none"_s},
    {u"operations"_s,
     u"id"_s,
     u"typeof(created_at) <> 'integer'"_s,
     u"has a time that is no number"_s},
    {u"sandboxes"_s, u"id"_s, u"NOT json_valid(config)"_s, u"has a config that is not JSON"_s},
    {u"snapshots"_s, u"id"_s, u"NOT json_valid(config)"_s, u"has a config that is not JSON"_s},
    {u"operations"_s,
     u"id"_s,
     u"NOT json_valid(inputs) OR NOT json_valid(memory)"_s,
     u"has inputs or a memory that are not JSON"_s},
};

tl::unexpected<Error> damaged(const QString &what)
{
    return failure(ErrorKind::StorageDamaged, what);
}

Done checkFile(Session &session)
{
    SANDGLASS_TRY(Query file, session.run(u"PRAGMA quick_check(1)"_s));
    if (file.next() && file.value(0).toString() != "ok"_L1)
        return damaged(file.value(0).toString());
    SANDGLASS_TRY(Query keys, session.run(u"PRAGMA foreign_key_check"_s));
    if (keys.next()) {
        return damaged(u"row %1 of the table %2 refers to a row of %3 that is not there"_s.arg(
            keys.value(1).toString(), keys.value(0).toString(), keys.value(2).toString()));
    }
    return {};
}

/// A database of an older schema, which is checked before it is brought up to date, lacks what came
/// later.
Result<bool> hasTable(Session &session, const QString &name)
{
    SANDGLASS_TRY(
        Query query,
        session.run(u"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"_s, {name}));
    return query.next();
}

Done checkNames(Session &session, const NamedColumn &named)
{
    SANDGLASS_TRY(const bool isThere, hasTable(session, named.table));
    if (!isThere)
        return {};
    SANDGLASS_TRY(
        Query names,
        session.run(
            u"SELECT %1, max(%2) FROM %3 GROUP BY %1"_s.arg(named.column, named.key, named.table)));
    while (names.next()) {
        const QString name = names.value(0).toString();
        if (!named.isKnown(name)) {
            return damaged(u"%1 in the table %2 has the unknown %3 \"%4\""_s.arg(
                names.value(1).toString(), named.table, named.column, name.left(80)));
        }
    }
    return {};
}

Done checkRows(Session &session, const ForbiddenRow &forbidden)
{
    SANDGLASS_TRY(
        Query rows,
        session.run(u"SELECT %1 FROM %2 WHERE %3 LIMIT 1"_s.arg(
            forbidden.key, forbidden.table, forbidden.condition)));
    if (!rows.next())
        return {};
    return damaged(
        u"%1 in the table %2 %3"_s.arg(rows.value(0).toString(), forbidden.table, forbidden.what));
}

} // namespace

Done checkDatabaseQuickly(Session &session)
{
    for (const NamedColumn &named : namedColumns)
        SANDGLASS_CHECK(checkNames(session, named));
    return {};
}

Done checkDatabase(Session &session)
{
    SANDGLASS_CHECK(checkFile(session));
    SANDGLASS_CHECK(checkDatabaseQuickly(session));
    for (const ForbiddenRow &forbidden : forbiddenRows)
        SANDGLASS_CHECK(checkRows(session, forbidden));
    return {};
}

} // namespace sandglass
