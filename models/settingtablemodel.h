#pragma once

#include "models/valuetablemodel.h"
#include "services/domain/setting.h"

namespace sandglass {

/// Identity of a row: which setting, for which namespace.
[[nodiscard]] QString rowId(const SettingValue &value);

/// What is in force, for all namespaces and for each, and where it comes from.
class SettingTableModel final : public ValueTableModel<SettingValue, &rowId>
{
    Q_OBJECT
public:
    enum class Column { AppliesTo, Setting, Value, Source };
    static constexpr int columns = int(Column::Source) + 1;

    using ValueTableModel::ValueTableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;

    /// What is in force for a namespace: its own value, else that for all, else the default.
    [[nodiscard]] qint64 inForce(Setting setting, const NamespaceName &namespaceName) const;

protected:
    [[nodiscard]] QVariant cell(const SettingValue &value, int column, int role) const override;
    [[nodiscard]] QString title(int column) const override;
};

/// "100 snapshots", "14 days".
[[nodiscard]] QString settingText(Setting setting, qint64 value);
/// "All namespaces", "Namespace team".
[[nodiscard]] QString scopeText(const NamespaceName &namespaceName);
/// Where the value comes from, in words.
[[nodiscard]] QString sourceText(SettingSource source);

} // namespace sandglass
