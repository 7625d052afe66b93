#pragma once

#include "services/domain/cleanupplan.h"
#include "ui/dialogs/consoledialog.h"

class QCheckBox;

namespace sandglass {

/// Before a cleanup plan is executed: names what goes.
class RunCleanupDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    explicit RunCleanupDialog(const CleanupPlan &plan, QWidget *parent = nullptr);

private:
    void addVictims(const CleanupPlan &plan);
    void update();

    QCheckBox *m_confirm = nullptr; ///< only when the plan asks something
};

} // namespace sandglass
