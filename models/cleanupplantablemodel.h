#pragma once

#include "models/valuetablemodel.h"
#include "services/domain/cleanupplan.h"

namespace sandglass {

/// What a cleanup would do with each snapshot, and why.
class CleanupPlanTableModel final : public ValueTableModel<CleanupEntry, &CleanupEntry::snapshot>
{
    Q_OBJECT
public:
    enum class Column { Snapshot, Action, Reason, Expires, Bytes, Sandbox, Namespace };
    static constexpr int columns = int(Column::Namespace) + 1;

    using ValueTableModel::ValueTableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;

protected:
    [[nodiscard]] QVariant cell(const CleanupEntry &entry, int column, int role) const override;
    [[nodiscard]] QString title(int column) const override;
};

} // namespace sandglass
