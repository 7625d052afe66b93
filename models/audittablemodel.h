#pragma once

#include "models/valuetablemodel.h"
#include "services/domain/audit.h"

namespace sandglass {

/// Who did what: the newest records of the audit, as far as they were loaded.
class AuditTableModel final : public ValueTableModel<AuditRecord, &AuditRecord::seq>
{
    Q_OBJECT
public:
    enum class Column { Number, When, Who, Action, Object, Result, Reason };
    static constexpr int columns = int(Column::Reason) + 1;

    using ValueTableModel::ValueTableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;

protected:
    [[nodiscard]] QVariant cell(const AuditRecord &record, int column, int role) const override;
    [[nodiscard]] QString title(int column) const override;
};

/// Its fields in the order of the columns, separated by tabs, for the clipboard.
[[nodiscard]] QString lineText(const AuditRecord &record);

} // namespace sandglass
