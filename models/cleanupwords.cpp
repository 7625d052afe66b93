#include "models/cleanupwords.h"

#include "models/valuewords.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

struct CleanupWords
{
    Q_DECLARE_TR_FUNCTIONS(CleanupWords)
};

} // namespace

QString actionText(CleanupRule rule)
{
    switch (rule) {
    case CleanupRule::NoTtl:
        return CleanupWords::tr("Keep: never expires");
    case CleanupRule::NotExpired:
        return CleanupWords::tr("Keep: not expired");
    case CleanupRule::Pinned:
        return CleanupWords::tr("Keep: pinned");
    case CleanupRule::InUse:
        return CleanupWords::tr("Keep: in use");
    case CleanupRule::KeepLast:
        return CleanupWords::tr("Keep: one of the last");
    case CleanupRule::KeepHourly:
        return CleanupWords::tr("Keep: its hour's");
    case CleanupRule::KeepDaily:
        return CleanupWords::tr("Keep: its day's");
    case CleanupRule::KeepWeekly:
        return CleanupWords::tr("Keep: its week's");
    case CleanupRule::KeepMonthly:
        return CleanupWords::tr("Keep: its month's");
    case CleanupRule::Expired:
        return CleanupWords::tr("Delete");
    }
    return {};
}

StateMark markOf(CleanupRule rule)
{
    switch (rule) {
    case CleanupRule::NoTtl:
    case CleanupRule::NotExpired:
        return StateMark::Good;
    case CleanupRule::Expired:
        return StateMark::Expired;
    default:
        return StateMark::Paused;
    }
}

QString reasonText(const QString &reason)
{
    static const QRegularExpression written(u"(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d) UTC"_s);
    QString text;
    qsizetype after = 0;
    QRegularExpressionMatchIterator matches = written.globalMatch(reason);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        QDateTime time = QDateTime::fromString(match.captured(1), u"yyyy-MM-dd HH:mm:ss"_s);
        time.setTimeSpec(Qt::UTC);
        text += reason.mid(after, match.capturedStart() - after);
        text += momentText(fromMilliseconds(time.toMSecsSinceEpoch()));
        after = match.capturedEnd();
    }
    return text + reason.mid(after);
}

QString outcomeText(CleanupOutcome outcome)
{
    switch (outcome) {
    case CleanupOutcome::Planned:
        return CleanupWords::tr("Planned");
    case CleanupOutcome::Deleting:
        return CleanupWords::tr("Being deleted");
    case CleanupOutcome::Trashed:
        return CleanupWords::tr("In the trash");
    case CleanupOutcome::Deleted:
        return CleanupWords::tr("Deleted");
    case CleanupOutcome::Skipped:
        return CleanupWords::tr("Skipped");
    case CleanupOutcome::Failed:
        return CleanupWords::tr("Failed");
    }
    return {};
}

StateMark markOf(CleanupOutcome outcome)
{
    switch (outcome) {
    case CleanupOutcome::Planned:
    case CleanupOutcome::Deleting:
        return StateMark::Working;
    case CleanupOutcome::Trashed:
        return StateMark::Trashed;
    case CleanupOutcome::Deleted:
        return StateMark::Good;
    case CleanupOutcome::Skipped:
        return StateMark::Paused;
    case CleanupOutcome::Failed:
        return StateMark::Failed;
    }
    return StateMark::Unknown;
}

QString stateText(const CleanupRun &run)
{
    if (!run.finishedAt)
        return CleanupWords::tr("Running");
    return run.failed > 0 ? CleanupWords::tr("Done, %L1 failed").arg(run.failed)
                          : CleanupWords::tr("Done");
}

StateMark markOf(const CleanupRun &run)
{
    if (!run.finishedAt)
        return StateMark::Working;
    return run.failed > 0 ? StateMark::Failed : StateMark::Good;
}

QString whoText(const CleanupRun &run)
{
    return run.byTimer ? CleanupWords::tr("the timer") : run.caller.text();
}

} // namespace sandglass
