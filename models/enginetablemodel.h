#pragma once

#include "models/valuetablemodel.h"
#include "services/domain/engine.h"

#include <QSet>

namespace sandglass {

/// The engines and what was last known of each.
class EngineTableModel final : public ValueTableModel<Engine, &Engine::name>
{
    Q_OBJECT
public:
    enum class Column { Name, State, Address, Version, Api, Platform, StorageDriver, LastSeen };
    static constexpr int columns = int(Column::LastSeen) + 1;

    using ValueTableModel::ValueTableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;

    [[nodiscard]] QSet<EngineName> connected() const;
    [[nodiscard]] QStringList silent() const; ///< names of those that cannot be worked with now

    /// The time by which "next try in" and "last seen" are told; what is not connected is told as
    /// changed.
    void setNow(Timestamp now);
    [[nodiscard]] Timestamp now() const { return m_now; }
    /// Whether there is one whose next try draws nearer.
    [[nodiscard]] bool isReconnecting() const;

protected:
    [[nodiscard]] QVariant cell(const Engine &engine, int column, int role) const override;
    [[nodiscard]] QString title(int column) const override;

private:
    Timestamp m_now;
};

} // namespace sandglass
