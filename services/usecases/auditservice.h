#pragma once

#include "services/core/result.h"
#include "services/domain/audit.h"

namespace sandglass {

class Database;

struct AuditPage
{
    QList<AuditRecord> records; ///< newest first
    QString nextCursor; ///< empty: there are no more
};

/// What the window and the API do with the audit. Any worker thread; blocks for the database only.
class AuditService
{
public:
    explicit AuditService(Database &database)
        : m_database(database)
    { }

    /// At most `filter.limit` (0 = all), after the page that gave `cursor` (empty: from the
    /// newest). InvalidArgument for a cursor that no page gave.
    [[nodiscard]] Result<AuditPage> list(const AuditFilter &filter, const QString &cursor = {});

    /// Checks the whole audit; takes about a second for 100,000 records.
    [[nodiscard]] Result<AuditReport> verify();

private:
    Database &m_database;
};

} // namespace sandglass
