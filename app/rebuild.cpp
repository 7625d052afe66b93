#include "app/rebuild.h"

#include "services/core/background.h"
#include "services/usecases/rebuildwords.h"

#include <QCoreApplication>
#include <QTextStream>
#include <QThreadPool>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<int> runRebuild(const UseCases &useCases, const Caller &caller)
{
    QThreadPool pool;
    QObject context;
    Result<QList<EngineRebuild>> result = failure(ErrorKind::Cancelled, u"the rebuild"_s);
    inBackground(
        pool,
        &context,
        [service = &useCases.rebuild, caller] { return service->rebuild(caller); },
        [&result](const Result<QList<EngineRebuild>> &rebuilds) {
            result = rebuilds;
            QCoreApplication::quit();
        });
    QCoreApplication::exec();
    SANDGLASS_TRY(const QList<EngineRebuild> rebuilds, result);
    QTextStream out(stdout);
    for (const QString &line : linesFor(rebuilds))
        out << line << Qt::endl;
    const bool allAnswered =
        std::none_of(rebuilds.begin(), rebuilds.end(), [](const EngineRebuild &rebuild) {
            return rebuild.error.has_value();
        });
    return allAnswered ? 0 : 1;
}

} // namespace sandglass
