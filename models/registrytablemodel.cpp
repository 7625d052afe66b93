#include "models/registrytablemodel.h"

#include "models/registrywords.h"
#include "models/valuewords.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

int RegistryTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

void RegistryTableModel::setNow(Timestamp now)
{
    const Timestamp before = std::exchange(m_now, now);
    for (int row = 0; row < rows().size(); ++row) {
        if (isPaused(rows().at(row), before) != isPaused(rows().at(row), now))
            rowChanged(row);
    }
}

std::optional<Timestamp> RegistryTableModel::nextResume() const
{
    std::optional<Timestamp> next;
    for (const Registry &registry : rows()) {
        if (isPaused(registry, m_now) && (!next || *registry.pausedUntil < *next))
            next = registry.pausedUntil;
    }
    return next;
}

QVariant RegistryTableModel::cell(const Registry &registry, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text(registry, Column(column));
    case Qt::ToolTipRole:
        if (Column(column) == Column::State && !registry.error.isEmpty())
            return registry.error;
        return text(registry, Column(column));
    case IdRole:
        return registry.name.text();
    case RawRole:
        if (Column(column) == Column::LastSeen)
            return registry.lastSeenAt ? toMilliseconds(*registry.lastSeenAt) : qint64(-1);
        return text(registry, Column(column));
    case StateRole:
        if (Column(column) == Column::State)
            return int(markOf(registry, m_now));
        return {};
    case SearchRole:
        return QStringList{
            registry.name.text(),
            whereText(registry),
            namespacesText(registry),
            credentialText(registry),
            stateText(registry, m_now)}
            .join(u'\n');
    case MutedRole:
        return false;
    default:
        return {};
    }
}

QString RegistryTableModel::text(const Registry &registry, Column column) const
{
    switch (column) {
    case Column::Name:
        return registry.name.text();
    case Column::State:
        return stateText(registry, m_now);
    case Column::Where:
        return whereText(registry);
    case Column::Namespaces:
        return namespacesText(registry);
    case Column::Credentials:
        return credentialText(registry);
    case Column::LastSeen:
        return momentText(registry.lastSeenAt);
    }
    return {};
}

QString RegistryTableModel::title(int column) const
{
    switch (Column(column)) {
    case Column::Name:
        return tr("Name");
    case Column::State:
        return tr("State");
    case Column::Where:
        return tr("Repository");
    case Column::Namespaces:
        return tr("Pushed from");
    case Column::Credentials:
        return tr("Credentials");
    case Column::LastSeen:
        return tr("Last answered");
    }
    return {};
}

} // namespace sandglass
