#include "models/scheduletablemodel.h"

#include "models/schedulewords.h"
#include "models/valuewords.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

int ScheduleTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

void ScheduleTableModel::setSandboxNames(const QHash<SandboxId, QString> &names)
{
    if (names == m_sandboxNames)
        return;
    m_sandboxNames = names;
    columnChanged(int(Column::Target));
}

QString ScheduleTableModel::text(const SnapshotSchedule &schedule, Column column) const
{
    switch (column) {
    case Column::Name:
        return schedule.name.text();
    case Column::State:
        return stateText(schedule);
    case Column::Target:
        return targetText(
            schedule, m_sandboxNames.value(schedule.sandbox, schedule.sandbox.text()));
    case Column::Times:
        return timesText(schedule);
    case Column::NextRun:
        return momentText(schedule.nextRunAt);
    case Column::LastRun:
        return momentText(schedule.lastRunAt);
    case Column::Namespace:
        return schedule.namespaceName.text();
    }
    return {};
}

QVariant ScheduleTableModel::cell(const SnapshotSchedule &schedule, int column, int role) const
{
    const auto time = [](std::optional<Timestamp> at) { return at ? toMilliseconds(*at) : 0; };
    switch (role) {
    case Qt::DisplayRole:
        return text(schedule, Column(column));
    case Qt::ToolTipRole:
        return Column(column) == Column::State && !schedule.error.isEmpty()
            ? schedule.error
            : text(schedule, Column(column));
    case IdRole:
        return schedule.id.text();
    case RawRole:
        if (Column(column) == Column::NextRun)
            return time(schedule.nextRunAt);
        if (Column(column) == Column::LastRun)
            return time(schedule.lastRunAt);
        return text(schedule, Column(column));
    case StateRole:
        return Column(column) == Column::State ? QVariant(int(markOf(schedule))) : QVariant();
    case SearchRole: {
        QStringList parts{schedule.error};
        for (int i = 0; i < columns; ++i)
            parts.append(text(schedule, Column(i)));
        return parts.join(u'\n');
    }
    default:
        return {};
    }
}

QString ScheduleTableModel::title(int column) const
{
    switch (Column(column)) {
    case Column::Name:
        return tr("Name");
    case Column::State:
        return tr("State");
    case Column::Target:
        return tr("Of");
    case Column::Times:
        return tr("When");
    case Column::NextRun:
        return tr("Next");
    case Column::LastRun:
        return tr("Last");
    case Column::Namespace:
        return tr("Namespace");
    }
    return {};
}

} // namespace sandglass
