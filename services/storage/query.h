#pragma once

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <unordered_map>
#include <vector>

namespace sandglass {

/// The prepared statements of one connection that are not in use: to prepare one takes SQLite as
/// long as to run it. One thread's, as the connection is.
class StatementCache
{
public:
    /// A statement that was given back, or a new one, which is not prepared yet.
    [[nodiscard]] QSqlQuery take(const QString &sql, const QSqlDatabase &connection);
    void giveBack(const QString &sql, QSqlQuery statement);

private:
    std::unordered_map<QString, std::vector<QSqlQuery>> m_idle;
};

/// An executed query: its rows one after the other, or what it did. Gives its statement back to the
/// cache at its end.
class Query
{
public:
    /// `cache` outlives it; null: none.
    Query(StatementCache *cache, QString sql, QSqlQuery statement);
    Query(Query &&other) noexcept;
    Query &operator=(Query &&) = delete;
    Query(const Query &) = delete;
    Query &operator=(const Query &) = delete;
    ~Query();

    bool next() { return m_statement.next(); } ///< goes to the first or next row
    [[nodiscard]] QVariant value(int column) const { return m_statement.value(column); }
    [[nodiscard]] QVariant lastInsertId() const { return m_statement.lastInsertId(); }
    [[nodiscard]] int changedRows() const { return m_statement.numRowsAffected(); }

private:
    StatementCache *m_cache;
    QString m_sql;
    QSqlQuery m_statement;
};

} // namespace sandglass
