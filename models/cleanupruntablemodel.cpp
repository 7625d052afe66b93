#include "models/cleanupruntablemodel.h"

#include "models/cleanupwords.h"
#include "models/valuewords.h"

#include <QLocale>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using RunColumn = CleanupRunTableModel::Column;

std::chrono::milliseconds durationOf(const CleanupRun &run)
{
    return run.finishedAt ? *run.finishedAt - run.startedAt : std::chrono::milliseconds(-1);
}

/// What a column with numbers shows; nothing for the others.
std::optional<qint64> numberOf(const CleanupRun &run, RunColumn column)
{
    switch (column) {
    case RunColumn::Planned:
        return run.planned;
    case RunColumn::Deleted:
        return run.deleted;
    case RunColumn::Skipped:
        return run.skipped;
    case RunColumn::Failed:
        return run.failed;
    default:
        return std::nullopt;
    }
}

QString runText(const CleanupRun &run, RunColumn column)
{
    if (const auto number = numberOf(run, column))
        return QLocale().toString(*number);
    switch (column) {
    case RunColumn::Started:
        return momentText(run.startedAt);
    case RunColumn::State:
        return stateText(run);
    case RunColumn::Who:
        return whoText(run);
    case RunColumn::Bytes:
        return sizeText(run.bytes);
    case RunColumn::Duration:
        return run.finishedAt ? durationText(durationOf(run)) : noValueText();
    default:
        return {};
    }
}

} // namespace

int CleanupRunTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

QVariant CleanupRunTableModel::cell(const CleanupRun &run, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return runText(run, Column(column));
    case Qt::TextAlignmentRole:
        return numberOf(run, Column(column)) || Column(column) == Column::Bytes
            ? QVariant(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    case IdRole:
        return run.id;
    case RawRole:
        if (const auto number = numberOf(run, Column(column)))
            return *number;
        if (Column(column) == Column::Started)
            return toMilliseconds(run.startedAt);
        if (Column(column) == Column::Bytes)
            return run.bytes;
        if (Column(column) == Column::Duration)
            return qint64(durationOf(run).count());
        return runText(run, Column(column));
    case StateRole:
        return Column(column) == Column::State ? QVariant(int(markOf(run))) : QVariant();
    case SearchRole:
        return QStringList{run.id, whoText(run), stateText(run), momentText(run.startedAt)}.join(
            u'\n');
    default:
        return {};
    }
}

QString CleanupRunTableModel::title(int column) const
{
    switch (Column(column)) {
    case Column::Started:
        return tr("Started");
    case Column::State:
        return tr("State");
    case Column::Who:
        return tr("Asked for by");
    case Column::Planned:
        return tr("Planned");
    case Column::Deleted:
        return tr("Deleted");
    case Column::Skipped:
        return tr("Skipped");
    case Column::Failed:
        return tr("Failed");
    case Column::Bytes:
        return tr("Freed");
    case Column::Duration:
        return tr("Took");
    }
    return {};
}

} // namespace sandglass
