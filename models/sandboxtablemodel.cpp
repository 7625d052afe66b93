#include "models/sandboxtablemodel.h"

#include "models/statewords.h"
#include "models/valuewords.h"

namespace sandglass {

int SandboxTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

void SandboxTableModel::setLiveEngines(const QSet<EngineName> &engines)
{
    const QSet<EngineName> before = std::exchange(m_liveEngines, engines);
    for (int row = 0; row < rows().size(); ++row) {
        const EngineName &engine = rows().at(row).engine;
        if (before.contains(engine) != engines.contains(engine))
            rowChanged(row);
    }
}

bool SandboxTableModel::isLive(const Sandbox &sandbox) const
{
    return m_liveEngines.contains(sandbox.engine);
}

QVariant SandboxTableModel::cell(const Sandbox &sandbox, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text(sandbox, Column(column));
    case Qt::ToolTipRole:
        if (Column(column) == Column::State && !sandbox.error.isEmpty())
            return sandbox.error;
        return text(sandbox, Column(column));
    case IdRole:
        return sandbox.id.text();
    case RawRole:
        return Column(column) == Column::Created ? QVariant(toMilliseconds(sandbox.createdAt))
                                                 : QVariant(text(sandbox, Column(column)));
    case StateRole:
        if (Column(column) == Column::State)
            return int(isLive(sandbox) ? markOf(sandbox.status) : StateMark::Unknown);
        return {};
    case SearchRole:
        return QStringList{
            sandbox.displayName,
            sandbox.id.text(),
            text(sandbox, Column::State),
            sandbox.config.image,
            sandbox.engine.text(),
            sandbox.namespaceName.text()}
            .join(u'\n');
    case MutedRole:
        return !isLive(sandbox);
    default:
        return {};
    }
}

QString SandboxTableModel::text(const Sandbox &sandbox, Column column) const
{
    switch (column) {
    case Column::Name:
        return nameText(sandbox);
    case Column::State:
        if (!isLive(sandbox))
            return tr("Unknown since %1").arg(momentText(sandbox.confirmedAt));
        return stateText(sandbox.status);
    case Column::Image:
        return sandbox.config.image;
    case Column::Engine:
        return sandbox.engine.text();
    case Column::Created:
        return momentText(sandbox.createdAt);
    case Column::Namespace:
        return sandbox.namespaceName.text();
    case Column::Id:
        return sandbox.id.text();
    }
    return {};
}

QString SandboxTableModel::title(int column) const
{
    switch (Column(column)) {
    case Column::Name:
        return tr("Name");
    case Column::State:
        return tr("State");
    case Column::Image:
        return tr("Image");
    case Column::Engine:
        return tr("Engine");
    case Column::Created:
        return tr("Created");
    case Column::Namespace:
        return tr("Namespace");
    case Column::Id:
        return tr("Sandbox id");
    }
    return {};
}

} // namespace sandglass
