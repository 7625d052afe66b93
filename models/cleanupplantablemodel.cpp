#include "models/cleanupplantablemodel.h"

#include "models/cleanupwords.h"
#include "models/valuewords.h"

#include <limits>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using PlanColumn = CleanupPlanTableModel::Column;

QString planText(const CleanupEntry &entry, PlanColumn column)
{
    switch (column) {
    case PlanColumn::Snapshot:
        return entry.snapshot.text();
    case PlanColumn::Action:
        return actionText(entry.rule);
    case PlanColumn::Reason:
        return reasonText(entry.reason);
    case PlanColumn::Expires:
        return momentText(entry.expiresAt);
    case PlanColumn::Bytes:
        return entry.deletes() ? sizeText(entry.bytes) : noValueText();
    case PlanColumn::Sandbox:
        return entry.sandbox.text();
    case PlanColumn::Namespace:
        return entry.namespaceName.text();
    }
    return {};
}

} // namespace

int CleanupPlanTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

QVariant CleanupPlanTableModel::cell(const CleanupEntry &entry, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return planText(entry, Column(column));
    case Qt::TextAlignmentRole:
        return Column(column) == Column::Bytes
            ? QVariant(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    case IdRole:
        return entry.snapshot.text();
    case RawRole:
        if (Column(column) == Column::Action)
            return -int(entry.rule); // what goes comes first
        if (Column(column) == Column::Expires) {
            return entry.expiresAt ? toMilliseconds(*entry.expiresAt)
                                   : std::numeric_limits<qint64>::max();
        }
        if (Column(column) == Column::Bytes)
            return entry.bytes.value_or(-1);
        return planText(entry, Column(column));
    case StateRole:
        return Column(column) == Column::Action ? QVariant(int(markOf(entry.rule))) : QVariant();
    case SearchRole:
        return QStringList{
            entry.snapshot.text(),
            entry.sandbox.text(),
            entry.namespaceName.text(),
            entry.reason,
            actionText(entry.rule)}
            .join(u'\n');
    default:
        return {};
    }
}

QString CleanupPlanTableModel::title(int column) const
{
    switch (Column(column)) {
    case Column::Snapshot:
        return tr("Snapshot");
    case Column::Action:
        return tr("What happens");
    case Column::Reason:
        return tr("Why");
    case Column::Expires:
        return tr("Expires");
    case Column::Bytes:
        return tr("Freed");
    case Column::Sandbox:
        return tr("Sandbox");
    case Column::Namespace:
        return tr("Namespace");
    }
    return {};
}

} // namespace sandglass
