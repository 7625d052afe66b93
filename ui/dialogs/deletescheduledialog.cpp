#include "ui/dialogs/deletescheduledialog.h"

#include "models/schedulewords.h"

#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

DeleteScheduleDialog::DeleteScheduleDialog(
    const SnapshotSchedule &schedule, const QString &sandboxName, QWidget *parent)
    : ConsoleDialog(u"deleteScheduleDialog"_s, Deed::Destructive, parent)
{
    setWindowTitle(tr("Delete Schedule"));
    setHeading(
        IconName::Schedule,
        tr("Delete schedule “%1”?").arg(schedule.name.text()),
        tr("It takes no more snapshots of %1 in namespace %2. Those that it took stay, and expire "
           "as they would have.")
            .arg(targetText(schedule, sandboxName), schedule.namespaceName.text()));
    setVerb(tr("&Delete schedule"), IconName::Delete);
}

} // namespace sandglass
