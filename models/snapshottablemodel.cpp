#include "models/snapshottablemodel.h"

#include "models/statewords.h"
#include "models/valuewords.h"

#include <limits>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QString placesText(const Snapshot &snapshot)
{
    QStringList places;
    for (const Location &location : snapshot.locations)
        places.append(shortPlaceText(location));
    return places.isEmpty() ? noValueText() : places.join(u", "_s);
}

QString stateToolTip(const Snapshot &snapshot, Timestamp now)
{
    const QString since = SnapshotTableModel::tr("%1 since %2")
                              .arg(stateText(snapshot, now), momentText(stateSince(snapshot, now)));
    return snapshot.error.isEmpty() ? since : since + u'\n' + snapshot.error;
}

} // namespace

int SnapshotTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

void SnapshotTableModel::setNow(Timestamp now)
{
    const Timestamp before = std::exchange(m_now, now);
    for (int row = 0; row < rows().size(); ++row) {
        if (isExpired(rows().at(row), before) != isExpired(rows().at(row), now))
            rowChanged(row);
    }
    columnChanged(int(Column::Expires));
}

std::optional<Timestamp> SnapshotTableModel::nextExpiry() const
{
    std::optional<Timestamp> next;
    for (const Snapshot &snapshot : rows()) {
        const auto expiry = expiryOf(snapshot);
        if (expiry && *expiry > m_now && (!next || *expiry < *next))
            next = expiry;
    }
    return next;
}

void SnapshotTableModel::setSandboxNames(const QHash<SandboxId, QString> &names)
{
    if (names == m_sandboxNames)
        return;
    m_sandboxNames = names;
    columnChanged(int(Column::Sandbox));
}

void SnapshotTableModel::setEngines(const QList<Engine> &engines)
{
    const QList<Engine> before = std::exchange(m_engines, engines);
    if (before == engines)
        return;
    for (int row = 0; row < rows().size(); ++row) {
        if (asOf(rows().at(row), before) != asOf(rows().at(row), engines))
            rowChanged(row);
    }
}

std::optional<Timestamp> SnapshotTableModel::shownAsOf(const Snapshot &snapshot) const
{
    return asOf(snapshot, m_engines);
}

int SnapshotTableModel::countOf(const SandboxId &sandbox) const
{
    return int(std::count_if(rows().begin(), rows().end(), [&sandbox](const Snapshot &snapshot) {
        return snapshot.sandbox == sandbox;
    }));
}

QVariant SnapshotTableModel::cell(const Snapshot &snapshot, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text(snapshot, Column(column));
    case Qt::ToolTipRole:
        if (Column(column) == Column::State && !shownAsOf(snapshot))
            return stateToolTip(snapshot, m_now);
        if (Column(column) == Column::Sandbox)
            return snapshot.sandbox.text();
        if (Column(column) == Column::Expires && expiryOf(snapshot))
            return momentText(expiryOf(snapshot));
        return text(snapshot, Column(column));
    case Qt::TextAlignmentRole:
        if (Column(column) == Column::Size)
            return int(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case IdRole:
        return snapshot.id.text();
    case RawRole:
        return raw(snapshot, Column(column));
    case StateRole:
        if (Column(column) == Column::State)
            return int(shownAsOf(snapshot) ? StateMark::Unknown : markOf(snapshot, m_now));
        return {};
    case SearchRole:
        return QStringList{
            snapshot.id.text(),
            snapshot.tag,
            snapshot.note,
            snapshot.sandbox.text(),
            text(snapshot, Column::Sandbox),
            text(snapshot, Column::State),
            placesText(snapshot),
            snapshot.namespaceName.text(),
            snapshot.error}
            .join(u'\n');
    case MutedRole:
        return snapshot.status == SnapshotStatus::Deleting || shownAsOf(snapshot).has_value();
    default:
        return {};
    }
}

QString SnapshotTableModel::text(const Snapshot &snapshot, Column column) const
{
    switch (column) {
    case Column::Snapshot:
        return snapshot.id.text();
    case Column::Tag:
        return snapshot.tag;
    case Column::Sandbox:
        return m_sandboxNames.value(snapshot.sandbox, snapshot.sandbox.text());
    case Column::State:
        if (const auto confirmed = shownAsOf(snapshot))
            return tr("%1 as of %2").arg(stateText(snapshot, m_now), momentText(*confirmed));
        return stateText(snapshot, m_now);
    case Column::Size:
        return sizeText(snapshot.sizeBytes);
    case Column::Created:
        return momentText(snapshot.createdAt);
    case Column::Expires:
        return expiryText(expiryOf(snapshot), m_now);
    case Column::Places:
        return placesText(snapshot);
    case Column::Namespace:
        return snapshot.namespaceName.text();
    case Column::Problem:
        return snapshot.error;
    }
    return {};
}

QVariant SnapshotTableModel::raw(const Snapshot &snapshot, Column column) const
{
    switch (column) {
    case Column::Size:
        return snapshot.sizeBytes.value_or(-1);
    case Column::Created:
        return toMilliseconds(snapshot.createdAt);
    case Column::Expires: {
        const auto expiry = expiryOf(snapshot);
        return expiry ? toMilliseconds(*expiry) : std::numeric_limits<qint64>::max();
    }
    default:
        return text(snapshot, column);
    }
}

QString SnapshotTableModel::title(int column) const
{
    switch (Column(column)) {
    case Column::Snapshot:
        return tr("Snapshot");
    case Column::Tag:
        return tr("Tag");
    case Column::Sandbox:
        return tr("Sandbox");
    case Column::State:
        return tr("State");
    case Column::Size:
        return tr("Size");
    case Column::Created:
        return tr("Created");
    case Column::Expires:
        return tr("Expires");
    case Column::Places:
        return tr("Stored at");
    case Column::Namespace:
        return tr("Namespace");
    case Column::Problem:
        return tr("Problem");
    }
    return {};
}

} // namespace sandglass
