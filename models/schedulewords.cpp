#include "models/schedulewords.h"

#include <QCoreApplication>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

struct ScheduleWords
{
    Q_DECLARE_TR_FUNCTIONS(ScheduleWords)
};

} // namespace

QString stateText(const SnapshotSchedule &schedule)
{
    if (schedule.paused)
        return ScheduleWords::tr("Paused");
    return schedule.error.isEmpty() ? ScheduleWords::tr("On")
                                    : ScheduleWords::tr("Last run did not work");
}

StateMark markOf(const SnapshotSchedule &schedule)
{
    if (schedule.paused)
        return StateMark::Paused;
    return schedule.error.isEmpty() ? StateMark::Good : StateMark::Failed;
}

QString targetText(const SnapshotSchedule &schedule, const QString &sandboxName)
{
    if (schedule.sandbox.isEmpty())
        return ScheduleWords::tr("sandboxes with %1").arg(schedule.selector);
    return sandboxName;
}

QString timesText(const SnapshotSchedule &schedule)
{
    return u"%1 (%2)"_s.arg(schedule.cron, schedule.timeZone);
}

} // namespace sandglass
