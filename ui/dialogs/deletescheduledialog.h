#pragma once

#include "services/domain/snapshotschedule.h"
#include "ui/dialogs/consoledialog.h"

namespace sandglass {

/// Before a schedule is deleted.
class DeleteScheduleDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// `sandboxName` is how its one sandbox is called.
    DeleteScheduleDialog(
        const SnapshotSchedule &schedule, const QString &sandboxName, QWidget *parent = nullptr);
};

} // namespace sandglass
