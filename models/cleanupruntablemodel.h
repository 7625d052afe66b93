#pragma once

#include "models/valuetablemodel.h"
#include "services/domain/cleanuprun.h"

namespace sandglass {

/// The history of cleanups.
class CleanupRunTableModel final : public ValueTableModel<CleanupRun, &CleanupRun::id>
{
    Q_OBJECT
public:
    enum class Column { Started, State, Who, Planned, Deleted, Skipped, Failed, Bytes, Duration };
    static constexpr int columns = int(Column::Duration) + 1;

    using ValueTableModel::ValueTableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;

protected:
    [[nodiscard]] QVariant cell(const CleanupRun &run, int column, int role) const override;
    [[nodiscard]] QString title(int column) const override;
};

} // namespace sandglass
