#include "services/storage/session.h"

#include "services/core/names.h"

#include <QFileInfo>
#include <QSqlError>
#include <QStorageInfo>

#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const std::array changeSubjectNames{
    std::pair{Change::Subject::Engine, u"engine"_s},
    std::pair{Change::Subject::Sandbox, u"sandbox"_s},
    std::pair{Change::Subject::Snapshot, u"snapshot"_s},
    std::pair{Change::Subject::Operation, u"operation"_s},
    std::pair{Change::Subject::Setting, u"setting"_s},
    std::pair{Change::Subject::Registry, u"registry"_s},
    std::pair{Change::Subject::Cleanup, u"cleanup"_s},
    std::pair{Change::Subject::Schedule, u"schedule"_s},
};

// SQLite result codes, https://sqlite.org/rescode.html; the driver gives them as text.
constexpr int sqliteBusy = 5;
constexpr int sqliteReadOnly = 8;
constexpr int sqliteIoError = 10;
constexpr int sqliteCorrupt = 11;
constexpr int sqliteFull = 13;
constexpr int sqliteCannotOpen = 14;
constexpr int sqliteNotADatabase = 26;

constexpr qint64 fullDiskBytes = 65'536;

constexpr qint64 keptChanges = 10'000;
constexpr qint64 pruningInterval = 1'000; // in changes

/// Removes the older changes but the last one of each object: who asks what changed since a seq
/// needs no others.
Done pruneChanges(Session &session, qint64 newest)
{
    SANDGLASS_CHECK(session.run(
        u"DELETE FROM changes WHERE seq <= ? AND seq NOT IN "
        "(SELECT max(seq) FROM changes GROUP BY subject, id)"_s,
        {newest - keptChanges}));
    return {};
}

} // namespace

Error storageError(const QSqlError &error, const QString &doing, const QString &file)
{
    Error result{ErrorKind::Storage, doing, file, {}, 0};
    const int code = error.nativeErrorCode().toInt() & 0xff; // without the extended part
    switch (code) {
    case sqliteBusy:
        result.kind = ErrorKind::StorageLocked;
        break;
    case sqliteReadOnly:
        result.kind = ErrorKind::StorageReadOnly;
        break;
    case sqliteFull:
        result.kind = ErrorKind::StorageFull;
        break;
    case sqliteIoError:
        // Memory that it shares between programs is a file, too, and says only "I/O error".
        if (QStorageInfo(QFileInfo(file).path()).bytesAvailable() < fullDiskBytes)
            result.kind = ErrorKind::StorageFull;
        else
            result.detail += u": the disk does not work properly"_s;
        break;
    case sqliteCorrupt:
    case sqliteNotADatabase:
        result.kind = ErrorKind::StorageDamaged;
        break;
    case sqliteCannotOpen:
        result.detail += u": the file cannot be opened; check the permissions of its folder"_s;
        break;
    default:
        break;
    }
    result.detail += u" ("_s + error.databaseText() + u')';
    return result;
}

Error rowError(const QString &id, const QString &what)
{
    return {ErrorKind::StorageDamaged, u"%1 has %2"_s.arg(id, what), {}, {}, 0};
}

Session::Session(const QSqlDatabase &connection, Timestamp now, StatementCache *statements)
    : m_connection(connection)
    , m_now(now)
    , m_statements(statements)
{ }

Result<Query> Session::run(const QString &sql, const QVariantList &values)
{
    StatementCache none;
    QSqlQuery statement = (m_statements ? *m_statements : none).take(sql, m_connection);
    const auto failed = [&](const QString &doing) {
        return failure(storageError(statement.lastError(), doing, m_connection.databaseName()));
    };
    if (statement.lastQuery() != sql && !statement.prepare(sql))
        return failed(u"prepare a query"_s);
    for (qsizetype i = 0; i < values.size(); ++i)
        statement.bindValue(int(i), values.at(i));
    if (!statement.exec())
        return failed(u"run a query"_s);
    return Query(m_statements, sql, std::move(statement));
}

Result<qint64> Session::recordChange(Change::Subject subject, const QString &id, bool removed)
{
    SANDGLASS_TRY(
        const Query query,
        run(u"INSERT INTO changes (at, subject, id, removed) VALUES (?, ?, ?, ?)"_s,
            {toMilliseconds(m_now), nameOf(subject), id, removed}));
    const qint64 seq = query.lastInsertId().toLongLong();
    if (seq % pruningInterval == 0)
        SANDGLASS_CHECK(pruneChanges(*this, seq));
    return seq;
}

QVariant toColumn(const std::optional<Timestamp> &time)
{
    return time ? QVariant(toMilliseconds(*time)) : QVariant(QMetaType(QMetaType::LongLong));
}

std::optional<Timestamp> timeFrom(const QVariant &column)
{
    if (column.isNull())
        return std::nullopt;
    return fromMilliseconds(column.toLongLong());
}

QVariant toColumn(const std::optional<qint64> &number)
{
    return number ? QVariant(*number) : QVariant(QMetaType(QMetaType::LongLong));
}

std::optional<qint64> numberFrom(const QVariant &column)
{
    if (column.isNull())
        return std::nullopt;
    return column.toLongLong();
}

QString nonNull(const QString &text)
{
    return text.isNull() ? QString(QLatin1StringView("")) : text;
}

QString containing(QString text)
{
    text.replace(u'\\', u"\\\\"_s).replace(u'%', u"\\%"_s).replace(u'_', u"\\_"_s);
    return u'%' + text + u'%';
}

QString nameOf(Change::Subject subject)
{
    return nameIn(changeSubjectNames, subject);
}
Change::Subject changeSubjectFrom(const QString &name)
{
    return valueIn(changeSubjectNames, name, Change::Subject::Engine);
}

} // namespace sandglass
