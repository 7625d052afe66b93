#include "services/usecases/auditservice.h"

#include "services/storage/auditlog.h"
#include "services/storage/auditverification.h"
#include "services/storage/database.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<AuditPage> AuditService::list(const AuditFilter &filter, const QString &cursor)
{
    AuditFilter wanted = filter;
    if (!cursor.isEmpty()) {
        bool isNumber = false;
        wanted.before = cursor.toLongLong(&isNumber);
        if (!isNumber) {
            return failure(
                ErrorKind::InvalidArgument, u"the cursor was not made by an earlier page"_s);
        }
    }
    if (filter.limit > 0)
        ++wanted.limit; // one more tells whether there is a next page
    AuditPage page;
    SANDGLASS_TRY(page.records, m_database.read([&wanted](Session &session) {
        return listAudit(session, wanted);
    }));
    if (filter.limit > 0 && page.records.size() > filter.limit) {
        page.records.removeLast();
        page.nextCursor = QString::number(page.records.last().seq);
    }
    return page;
}

Result<AuditReport> AuditService::verify()
{
    return m_database.read([](Session &session) { return verifyAudit(session); });
}

} // namespace sandglass
