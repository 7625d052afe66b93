#pragma once

#include "models/valuetablemodel.h"
#include "services/domain/sandbox.h"

#include <QSet>

namespace sandglass {

/// The sandboxes. A row whose engine is not connected reads "Unknown since …" and is muted: what is
/// shown of it was true when the engine last confirmed it.
class SandboxTableModel final : public ValueTableModel<Sandbox, &Sandbox::id>
{
    Q_OBJECT
public:
    enum class Column { Name, State, Image, Engine, Created, Namespace, Id };
    static constexpr int columns = int(Column::Id) + 1;

    using ValueTableModel::ValueTableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;

    /// The engines that answer now; the rows of the others are not live.
    void setLiveEngines(const QSet<EngineName> &engines);
    [[nodiscard]] bool isLive(const Sandbox &sandbox) const;

protected:
    [[nodiscard]] QVariant cell(const Sandbox &sandbox, int column, int role) const override;
    [[nodiscard]] QString title(int column) const override;

private:
    [[nodiscard]] QString text(const Sandbox &sandbox, Column column) const;

    QSet<EngineName> m_liveEngines;
};

} // namespace sandglass
