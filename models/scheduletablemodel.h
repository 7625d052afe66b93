#pragma once

#include "models/valuetablemodel.h"
#include "services/domain/snapshotschedule.h"

namespace sandglass {

/// The schedules by which snapshots are taken.
class ScheduleTableModel final : public ValueTableModel<SnapshotSchedule, &SnapshotSchedule::id>
{
    Q_OBJECT
public:
    enum class Column { Name, State, Target, Times, NextRun, LastRun, Namespace };
    static constexpr int columns = int(Column::Namespace) + 1;

    using ValueTableModel::ValueTableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;

    /// How sandboxes are called.
    void setSandboxNames(const QHash<SandboxId, QString> &names);

protected:
    [[nodiscard]] QVariant
    cell(const SnapshotSchedule &schedule, int column, int role) const override;
    [[nodiscard]] QString title(int column) const override;

private:
    [[nodiscard]] QString text(const SnapshotSchedule &schedule, Column column) const;

    QHash<SandboxId, QString> m_sandboxNames;
};

} // namespace sandglass
