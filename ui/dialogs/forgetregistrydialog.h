#pragma once

#include "services/usecases/registryservice.h"
#include "ui/dialogs/consoledialog.h"

class QCheckBox;

namespace sandglass {

/// Asks before a registry leaves the list, and whether the snapshots that are there stay there.
class ForgetRegistryDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// `snapshots`: the names of those that have a place there. `unfinished`: how many operations
    /// work with it.
    ForgetRegistryDialog(
        const Registry &registry,
        const QStringList &snapshots,
        int unfinished,
        QWidget *parent = nullptr);

    [[nodiscard]] LeaveSnapshots leave() const;

private:
    void validate(int unfinished);

    QCheckBox *m_leave = nullptr; ///< nothing: none is there
};

} // namespace sandglass
