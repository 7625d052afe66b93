#include "models/operationtablemodel.h"

#include "models/statewords.h"
#include "models/transferwords.h"
#include "models/valuewords.h"

#include <limits>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

std::optional<std::chrono::milliseconds> durationOf(const Operation &operation, Timestamp now)
{
    if (!operation.startedAt)
        return std::nullopt;
    return std::max(
        operation.finishedAt.value_or(now) - *operation.startedAt,
        std::chrono::milliseconds::zero());
}

QString stepText(const Operation &operation)
{
    if (isFinished(operation.state))
        return noValueText();
    for (qsizetype i = 0; i < operation.steps.size(); ++i) {
        if (!operation.steps.at(i).finishedAt) {
            return OperationTableModel::tr("%1 (%2 of %3)")
                .arg(operation.steps.at(i).name)
                .arg(i + 1)
                .arg(operation.steps.size());
        }
    }
    return noValueText();
}

int OperationTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

void OperationTableModel::setNow(Timestamp now)
{
    m_now = now;
    for (int row = 0; row < rows().size(); ++row) {
        if (!isFinished(rows().at(row).state))
            rowChanged(row);
    }
}

int OperationTableModel::unfinishedCount() const
{
    return int(std::count_if(rows().begin(), rows().end(), [](const Operation &operation) {
        return !isFinished(operation.state);
    }));
}

void OperationTableModel::setSandboxNames(const QHash<SandboxId, QString> &names)
{
    if (names == m_sandboxNames)
        return;
    m_sandboxNames = names;
    columnChanged(int(Column::Subject));
}

QString OperationTableModel::subjectText(const Operation &operation) const
{
    const QString sandbox = m_sandboxNames.value(operation.sandbox, operation.sandbox.text());
    if (operation.snapshot.isEmpty())
        return sandbox;
    if (sandbox.isEmpty())
        return operation.snapshot.text();
    if (operation.kind == OperationKind::RestoreSnapshot)
        return tr("%1 as %2").arg(operation.snapshot.text(), sandbox);
    return tr("%1 of %2").arg(operation.snapshot.text(), sandbox);
}

QVariant OperationTableModel::cell(const Operation &operation, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text(operation, Column(column));
    case Qt::TextAlignmentRole:
        if (Column(column) == Column::Duration)
            return int(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case IdRole:
        return operation.id.text();
    case RawRole:
        return raw(operation, Column(column));
    case StateRole:
        if (Column(column) == Column::State)
            return int(markOf(operation.state));
        return {};
    case SearchRole:
        return QStringList{
            operation.id.text(),
            kindText(operation.kind),
            subjectText(operation),
            operation.sandbox.text(),
            stateText(operation.state),
            operation.engine.text(),
            operation.error}
            .join(u'\n');
    case MutedRole:
        return false;
    case PortionRole: {
        const auto portion = portionOf(operation.progress);
        if (Column(column) != Column::Progress || !portion || isFinished(operation.state))
            return {};
        return *portion;
    }
    default:
        return {};
    }
}

QString OperationTableModel::text(const Operation &operation, Column column) const
{
    switch (column) {
    case Column::Kind:
        return kindText(operation.kind);
    case Column::Subject:
        return subjectText(operation);
    case Column::State:
        if (operation.cancelRequested && !isFinished(operation.state))
            return tr("%1, cancel asked").arg(stateText(operation.state));
        return stateText(operation.state);
    case Column::Step:
        return stepText(operation);
    case Column::Progress:
        return isFinished(operation.state) || operation.progress.layers.isEmpty()
            ? noValueText()
            : progressText(operation.progress);
    case Column::Started:
        return momentText(operation.startedAt);
    case Column::Duration: {
        const auto duration = durationOf(operation, m_now);
        return duration ? durationText(*duration) : noValueText();
    }
    case Column::NextAttempt:
        return isFinished(operation.state) ? noValueText() : momentText(operation.nextAttemptAt);
    case Column::Error:
        return operation.error;
    }
    return {};
}

QVariant OperationTableModel::raw(const Operation &operation, Column column) const
{
    switch (column) {
    case Column::Progress:
        return portionOf(operation.progress).value_or(-1);
    case Column::Started:
        // What has not begun yet is newer than all that has.
        return operation.startedAt ? toMilliseconds(*operation.startedAt)
                                   : std::numeric_limits<qint64>::max();
    case Column::Duration: {
        const auto duration = durationOf(operation, m_now);
        return duration ? qint64(duration->count()) : qint64(-1);
    }
    case Column::NextAttempt:
        return operation.nextAttemptAt ? toMilliseconds(*operation.nextAttemptAt) : qint64(-1);
    default:
        return text(operation, column);
    }
}

QString OperationTableModel::title(int column) const
{
    switch (Column(column)) {
    case Column::Kind:
        return tr("Operation");
    case Column::Subject:
        return tr("Subject");
    case Column::State:
        return tr("State");
    case Column::Step:
        return tr("Step");
    case Column::Progress:
        return tr("Progress");
    case Column::Started:
        return tr("Started");
    case Column::Duration:
        return tr("Duration");
    case Column::NextAttempt:
        return tr("Next try");
    case Column::Error:
        return tr("Error");
    }
    return {};
}

} // namespace sandglass
