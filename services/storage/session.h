#pragma once

#include "services/core/clock.h"
#include "services/core/result.h"
#include "services/domain/change.h"
#include "services/storage/query.h"

#include <QSqlDatabase>
#include <QVariantList>

namespace sandglass {

/// One thread's view of the database inside one read or one transaction; what repositories work
/// with. Never kept longer than the function that it was handed to.
class Session
{
public:
    /// `statements` are the connection's; null: each query is prepared anew.
    Session(const QSqlDatabase &connection, Timestamp now, StatementCache *statements = nullptr);

    /// Prepares, binds in order and executes. Storage… by what is wrong, with SQLite's words.
    [[nodiscard]] Result<Query> run(const QString &sql, const QVariantList &values = {});

    /// Appends to the change feed and returns the new seq. Inside a transaction only. Of what is
    /// older than the newest 10,000 changes, the last one of each object is kept.
    [[nodiscard]] Result<qint64>
    recordChange(Change::Subject subject, const QString &id, bool removed = false);

    [[nodiscard]] Timestamp now() const { return m_now; } ///< when this session began, by our clock

private:
    QSqlDatabase m_connection;
    Timestamp m_now;
    StatementCache *m_statements;
};

/// An error of the last query on a connection to this file, by its kind; with SQLite's words.
[[nodiscard]] Error storageError(const QSqlError &error, const QString &doing, const QString &file);

/// StorageDamaged: a row that means nothing; "snap-… has the unknown status …".
[[nodiscard]] Error rowError(const QString &id, const QString &what);

[[nodiscard]] QVariant toColumn(const std::optional<Timestamp> &time); ///< NULL for nothing
[[nodiscard]] std::optional<Timestamp> timeFrom(const QVariant &column); ///< nothing for NULL
[[nodiscard]] QVariant toColumn(const std::optional<qint64> &number);
[[nodiscard]] std::optional<qint64> numberFrom(const QVariant &column);
[[nodiscard]] QString nonNull(const QString &text); ///< a null QString would be bound as NULL

/// "%text%" for LIKE with '\' as the escape character.
[[nodiscard]] QString containing(QString text);

[[nodiscard]] QString nameOf(Change::Subject subject);
[[nodiscard]] Change::Subject changeSubjectFrom(const QString &name);

} // namespace sandglass
