#pragma once

#include "models/valuetablemodel.h"
#include "services/domain/registry.h"

namespace sandglass {

/// The registries, and what was last found out about each.
class RegistryTableModel final : public ValueTableModel<Registry, &Registry::name>
{
    Q_OBJECT
public:
    enum class Column { Name, State, Where, Namespaces, Credentials, LastSeen };
    static constexpr int columns = int(Column::LastSeen) + 1;

    using ValueTableModel::ValueTableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;

    /// The time by which pauses are told; rows whose pause ended are told as changed.
    void setNow(Timestamp now);
    /// When the next pause ends; nothing when none is paused.
    [[nodiscard]] std::optional<Timestamp> nextResume() const;

protected:
    [[nodiscard]] QVariant cell(const Registry &registry, int column, int role) const override;
    [[nodiscard]] QString title(int column) const override;

private:
    [[nodiscard]] QString text(const Registry &registry, Column column) const;

    Timestamp m_now;
};

} // namespace sandglass
