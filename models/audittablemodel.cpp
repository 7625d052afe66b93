#include "models/audittablemodel.h"

#include "models/valuewords.h"

#include <QStringList>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QString auditText(const AuditRecord &record, AuditTableModel::Column column)
{
    using Column = AuditTableModel::Column;
    switch (column) {
    case Column::Number:
        return QString::number(record.seq);
    case Column::When:
        return momentText(record.at);
    case Column::Who:
        return record.entry.who.text();
    case Column::Action:
        return QString(record.entry.action).replace(u'_', u' ');
    case Column::Object:
        return record.entry.object;
    case Column::Result:
        return record.entry.result;
    case Column::Reason:
        return record.entry.reason;
    }
    return {};
}

QStringList textsOf(const AuditRecord &record)
{
    QStringList texts;
    for (int column = 0; column < AuditTableModel::columns; ++column)
        texts.append(auditText(record, AuditTableModel::Column(column)));
    return texts;
}

} // namespace

int AuditTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

QVariant AuditTableModel::cell(const AuditRecord &record, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return auditText(record, Column(column));
    case IdRole:
        return QString::number(record.seq);
    case RawRole:
        if (Column(column) == Column::Number || Column(column) == Column::When)
            return record.seq;
        return auditText(record, Column(column));
    case StateRole:
        if (Column(column) != Column::Result)
            return {};
        return int(
            record.entry.result.startsWith("failed"_L1) ? StateMark::Failed : StateMark::Note);
    case SearchRole:
        return textsOf(record).join(u'\n');
    default:
        return {};
    }
}

QString AuditTableModel::title(int column) const
{
    switch (Column(column)) {
    case Column::Number:
        return tr("Number");
    case Column::When:
        return tr("When");
    case Column::Who:
        return tr("Who");
    case Column::Action:
        return tr("Action");
    case Column::Object:
        return tr("Object");
    case Column::Result:
        return tr("Result");
    case Column::Reason:
        return tr("Reason");
    }
    return {};
}

QString lineText(const AuditRecord &record)
{
    return textsOf(record).join(u'\t');
}

} // namespace sandglass
