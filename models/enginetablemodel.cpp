#include "models/enginetablemodel.h"

#include "models/statewords.h"
#include "models/valuewords.h"

#include <algorithm>
#include <limits>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QString engineText(const Engine &engine, EngineTableModel::Column column, Timestamp now)
{
    using Column = EngineTableModel::Column;
    switch (column) {
    case Column::Name:
        return engine.name.text();
    case Column::State:
        return stateText(engine, now);
    case Column::Address:
        return engine.address;
    case Column::Version:
        return engine.productAndVersion();
    case Column::Api:
        return engine.apiVersion;
    case Column::Platform:
        return engine.platform;
    case Column::StorageDriver:
        return engine.storageDriver;
    case Column::LastSeen:
        if (engine.state == EngineState::Connected)
            return EngineTableModel::tr("now");
        return engine.lastSeenAt
            ? u"%1 (%2)"_s.arg(momentText(engine.lastSeenAt), distanceText(*engine.lastSeenAt, now))
            : noValueText();
    }
    return {};
}

} // namespace

int EngineTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

QSet<EngineName> EngineTableModel::connected() const
{
    QSet<EngineName> names;
    for (const Engine &engine : rows()) {
        if (engine.state == EngineState::Connected)
            names.insert(engine.name);
    }
    return names;
}

bool EngineTableModel::isReconnecting() const
{
    return std::any_of(rows().begin(), rows().end(), [](const Engine &engine) {
        return engine.state == EngineState::Unreachable;
    });
}

void EngineTableModel::setNow(Timestamp now)
{
    m_now = now;
    for (int row = 0; row < rows().size(); ++row) {
        if (rows().at(row).state != EngineState::Connected)
            rowChanged(row);
    }
}

QStringList EngineTableModel::silent() const
{
    QStringList names;
    for (const Engine &engine : rows()) {
        if (engine.state == EngineState::Unreachable || engine.state == EngineState::Unsupported)
            names.append(engine.name.text());
    }
    return names;
}

QVariant EngineTableModel::cell(const Engine &engine, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return engineText(engine, Column(column), m_now);
    case Qt::ToolTipRole:
        if (Column(column) == Column::State && !engine.error.isEmpty())
            return engine.error;
        return engineText(engine, Column(column), m_now);
    case IdRole:
        return engine.name.text();
    case RawRole:
        if (Column(column) == Column::LastSeen && engine.state == EngineState::Connected)
            return std::numeric_limits<qint64>::max();
        if (Column(column) == Column::LastSeen)
            return engine.lastSeenAt ? toMilliseconds(*engine.lastSeenAt) : qint64(-1);
        return engineText(engine, Column(column), m_now);
    case StateRole:
        if (Column(column) == Column::State)
            return int(markOf(engine.state));
        return {};
    case SearchRole:
        return QStringList{
            engine.name.text(),
            engine.address,
            engine.productAndVersion(),
            engine.platform,
            stateText(engine, m_now)}
            .join(u'\n');
    case MutedRole:
        return engine.state != EngineState::Connected;
    default:
        return {};
    }
}

QString EngineTableModel::title(int column) const
{
    switch (Column(column)) {
    case Column::Name:
        return tr("Name");
    case Column::State:
        return tr("State");
    case Column::Address:
        return tr("Address");
    case Column::Version:
        return tr("Version");
    case Column::Api:
        return tr("API");
    case Column::Platform:
        return tr("Platform");
    case Column::StorageDriver:
        return tr("Storage driver");
    case Column::LastSeen:
        return tr("Last seen");
    }
    return {};
}

} // namespace sandglass
