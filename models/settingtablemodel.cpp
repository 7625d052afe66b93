#include "models/settingtablemodel.h"

#include "models/valuewords.h"

#include <QStringList>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QString columnText(const SettingValue &value, SettingTableModel::Column column)
{
    using Column = SettingTableModel::Column;
    switch (column) {
    case Column::AppliesTo:
        return scopeText(value.namespaceName);
    case Column::Setting:
        return definitionOf(value.setting).title;
    case Column::Value:
        return settingText(value.setting, value.value);
    case Column::Source:
        return sourceText(value.source);
    }
    return {};
}

} // namespace

QString rowId(const SettingValue &value)
{
    return settingObject(value.setting, value.namespaceName);
}

int SettingTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

qint64 SettingTableModel::inForce(Setting setting, const NamespaceName &namespaceName) const
{
    for (const NamespaceName &scope : {namespaceName, NamespaceName()}) {
        if (const SettingValue *value = find(settingObject(setting, scope)))
            return value->value;
    }
    return definitionOf(setting).defaultValue;
}

QVariant SettingTableModel::cell(const SettingValue &value, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return columnText(value, Column(column));
    case Qt::ToolTipRole:
        return definitionOf(value.setting).words;
    case IdRole:
        return rowId(value);
    case RawRole:
        if (Column(column) == Column::AppliesTo) // the empty one, for all, comes first
            return u"%1/%2"_s.arg(value.namespaceName.text()).arg(int(value.setting));
        if (Column(column) == Column::Value)
            return value.value;
        return columnText(value, Column(column));
    case StateRole:
        if (Column(column) != Column::Source)
            return {};
        return int(value.source == SettingSource::Default ? StateMark::Note : StateMark::Good);
    case SearchRole:
        return QStringList{
            scopeText(value.namespaceName),
            definitionOf(value.setting).title,
            definitionOf(value.setting).name,
            settingText(value.setting, value.value),
            sourceText(value.source)}
            .join(u'\n');
    default:
        return {};
    }
}

QString SettingTableModel::title(int column) const
{
    switch (Column(column)) {
    case Column::AppliesTo:
        return tr("Applies to");
    case Column::Setting:
        return tr("Setting");
    case Column::Value:
        return tr("In force");
    case Column::Source:
        return tr("Comes from");
    }
    return {};
}

QString settingText(Setting setting, qint64 value)
{
    switch (definitionOf(setting).unit) {
    case SettingUnit::Percent:
        return SettingTableModel::tr("%1 %").arg(value);
    case SettingUnit::YesNo:
        return value == 0 ? SettingTableModel::tr("No") : SettingTableModel::tr("Yes");
    case SettingUnit::Snapshots:
        return value == 1 ? SettingTableModel::tr("1 snapshot")
                          : SettingTableModel::tr("%1 snapshots").arg(value);
    case SettingUnit::Seconds:
        if (setting == Setting::TrashTime && value == 0)
            return SettingTableModel::tr("none: deleted at once");
        return ttlText(value);
    }
    return {};
}

QString scopeText(const NamespaceName &namespaceName)
{
    return namespaceName.isEmpty()
        ? SettingTableModel::tr("All namespaces")
        : SettingTableModel::tr("Namespace %1").arg(namespaceName.text());
}

QString sourceText(SettingSource source)
{
    switch (source) {
    case SettingSource::Default:
        return SettingTableModel::tr("the default");
    case SettingSource::Global:
        return SettingTableModel::tr("all namespaces");
    case SettingSource::Namespace:
        return SettingTableModel::tr("this namespace");
    }
    return {};
}

} // namespace sandglass
