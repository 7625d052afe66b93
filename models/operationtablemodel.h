#pragma once

#include "models/valuetablemodel.h"
#include "services/domain/operation.h"

namespace sandglass {

/// The journal of operations, as far as it was loaded.
class OperationTableModel final : public ValueTableModel<Operation, &Operation::id>
{
    Q_OBJECT
public:
    enum class Column {
        Kind,
        Subject,
        State,
        Step,
        Progress,
        Started,
        Duration,
        NextAttempt,
        Error
    };
    static constexpr int columns = int(Column::Error) + 1;

    using ValueTableModel::ValueTableModel;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;

    /// The time by which the durations of what still runs are told; they are told as changed.
    void setNow(Timestamp now);
    [[nodiscard]] Timestamp now() const { return m_now; }
    [[nodiscard]] int unfinishedCount() const;

    /// How sandboxes are called; one that is not in it is shown by its id.
    void setSandboxNames(const QHash<SandboxId, QString> &names);

    /// "snap-… of web": what an operation is about.
    [[nodiscard]] QString subjectText(const Operation &operation) const;

protected:
    [[nodiscard]] QVariant cell(const Operation &operation, int column, int role) const override;
    [[nodiscard]] QString title(int column) const override;

private:
    [[nodiscard]] QString text(const Operation &operation, Column column) const;
    [[nodiscard]] QVariant raw(const Operation &operation, Column column) const;

    Timestamp m_now;
    QHash<SandboxId, QString> m_sandboxNames;
};

/// How long it has run or ran; nothing when it has not begun. Never negative.
[[nodiscard]] std::optional<std::chrono::milliseconds>
durationOf(const Operation &operation, Timestamp now);

/// "commit (4 of 7)"; a dash when finished.
[[nodiscard]] QString stepText(const Operation &operation);

} // namespace sandglass
