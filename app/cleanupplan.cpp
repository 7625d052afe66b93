#include "app/cleanupplan.h"

#include "app/appcontext.h"
#include "services/usecases/cleanupplanning.h"

#include <QTextStream>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<int> runCleanupPlan(const QString &dataDirectory)
{
    const SystemClock clock;
    SANDGLASS_TRY(const auto database, AppContext::openDatabase(dataDirectory, clock));
    SANDGLASS_TRY(const CleanupPlan plan, database->read([](Session &session) {
        return makeCleanupPlan(session, {}, CleanupScope::All);
    }));
    QTextStream out(stdout);
    for (const CleanupEntry &entry : plan.entries) {
        out << (entry.deletes() ? u"delete"_s : u"keep  "_s) << u"  "_s
            << entry.namespaceName.text() << u"  "_s << entry.snapshot.text() << u"  "_s
            << entry.reason << Qt::endl;
    }
    out << plan.deletions << u" of "_s << plan.entries.size() << u" snapshots, "_s << plan.bytes
        << u" bytes"_s << Qt::endl;
    if (!plan.question.isEmpty())
        out << plan.question << Qt::endl;
    return 0;
}

} // namespace sandglass
