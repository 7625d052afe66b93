#include "services/storage/query.h"

#include <utility>

namespace sandglass {

namespace {

constexpr std::size_t mostTexts = 300; // far more than are written down; some are put together

} // namespace

QSqlQuery StatementCache::take(const QString &sql, const QSqlDatabase &connection)
{
    const auto it = m_idle.find(sql);
    if (it == m_idle.end() || it->second.empty()) {
        QSqlQuery statement(connection);
        statement.setForwardOnly(true);
        return statement;
    }
    QSqlQuery statement = std::move(it->second.back());
    it->second.pop_back();
    return statement;
}

void StatementCache::giveBack(const QString &sql, QSqlQuery statement)
{
    statement.finish(); // a read must not stay open
    if (m_idle.size() < mostTexts || m_idle.contains(sql))
        m_idle[sql].push_back(std::move(statement));
}

Query::Query(StatementCache *cache, QString sql, QSqlQuery statement)
    : m_cache(cache)
    , m_sql(std::move(sql))
    , m_statement(std::move(statement))
{ }

Query::Query(Query &&other) noexcept
    : m_cache(std::exchange(other.m_cache, nullptr))
    , m_sql(std::move(other.m_sql))
    , m_statement(std::move(other.m_statement))
{ }

Query::~Query()
{
    if (m_cache)
        m_cache->giveBack(m_sql, std::move(m_statement));
}

} // namespace sandglass
