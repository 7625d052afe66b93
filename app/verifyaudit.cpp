#include "app/verifyaudit.h"

#include "app/appcontext.h"

#include <QTextStream>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<int> runVerifyAudit(const QString &dataDirectory)
{
    const SystemClock clock;
    SANDGLASS_TRY(const auto database, AppContext::openDatabase(dataDirectory, clock));
    SANDGLASS_TRY(const AuditReport report, AuditService(*database).verify());
    QTextStream out(stdout);
    for (const AuditFinding &finding : report.findings)
        out << finding.what << Qt::endl;
    out << (report.isWhole() ? u"the audit is whole: "_s : u"the audit is not whole: "_s)
        << report.records << u" records, the last is "_s << report.lastSeq << u' '
        << report.lastHash << Qt::endl;
    return report.isWhole() ? 0 : 1;
}

} // namespace sandglass
