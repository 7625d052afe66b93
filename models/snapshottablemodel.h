#pragma once

#include "models/valuetablemodel.h"
#include "services/domain/engine.h"
#include "services/domain/snapshot.h"

namespace sandglass {

/// The snapshots, with what is left of their time to live. A row of which no engine that answers
/// has the image reads "… as of …" and is muted.
class SnapshotTableModel final : public ValueTableModel<Snapshot, &Snapshot::id>
{
    Q_OBJECT
public:
    enum class Column {
        Snapshot,
        Tag,
        Sandbox,
        State,
        Expires,
        Size,
        Created,
        Places,
        Namespace,
        Problem
    };
    static constexpr int columns = int(Column::Problem) + 1;

    using ValueTableModel::ValueTableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;

    /// The time that "expired" and "in 3 days" are told by. Rows that expired between the last time
    /// and this one are told as changed, and the column of the remaining time.
    void setNow(Timestamp now);
    [[nodiscard]] Timestamp now() const { return m_now; }

    /// When the next of the active snapshots expires; nothing when none does.
    [[nodiscard]] std::optional<Timestamp> nextExpiry() const;

    /// All that are known, and what is known of them.
    void setEngines(const QList<Engine> &engines);
    /// See asOf() of statewords.h.
    [[nodiscard]] std::optional<Timestamp> shownAsOf(const Snapshot &snapshot) const;

    /// How sandboxes are called; one that is not in it is shown by its id.
    void setSandboxNames(const QHash<SandboxId, QString> &names);

    [[nodiscard]] int countOf(const SandboxId &sandbox) const; ///< how many snapshots it has

protected:
    [[nodiscard]] QVariant cell(const Snapshot &snapshot, int column, int role) const override;
    [[nodiscard]] QString title(int column) const override;

private:
    [[nodiscard]] QString text(const Snapshot &snapshot, Column column) const;
    [[nodiscard]] QVariant raw(const Snapshot &snapshot, Column column) const;

    Timestamp m_now;
    QList<Engine> m_engines;
    QHash<SandboxId, QString> m_sandboxNames;
};

} // namespace sandglass
