#include "ui/keepmenu.h"

#include "ui/icons.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

void setEntry(QAction *action, const Availability &availability)
{
    action->setEnabled(availability.isAvailable());
    action->setToolTip(availability.whyNot);
}

bool areAll(const QList<Snapshot> &selected, SnapshotStatus status)
{
    return std::all_of(selected.begin(), selected.end(), [status](const Snapshot &snapshot) {
        return snapshot.status == status;
    });
}

} // namespace

KeepMenu::KeepMenu(QWidget *parent)
    : QMenu(parent)
    , m_ttl(addAction(sandglass::icon(IconName::Expired), tr("Change &Time to Live…")))
    , m_pin(addAction(sandglass::icon(IconName::Pin), tr("&Pin…")))
    , m_unpin(addAction(sandglass::icon(IconName::Cancel), tr("&Unpin")))
    , m_takeBack(addAction(sandglass::icon(IconName::Restore), tr("Take &Back from the Trash")))
{
    m_ttl->setObjectName(u"changeTtlAction"_s);
    m_pin->setObjectName(u"pinAction"_s);
    m_unpin->setObjectName(u"unpinAction"_s);
    m_takeBack->setObjectName(u"takeBackAction"_s);
    connect(m_ttl, &QAction::triggered, this, &KeepMenu::ttlWanted);
    connect(m_pin, &QAction::triggered, this, &KeepMenu::pinWanted);
    connect(m_unpin, &QAction::triggered, this, &KeepMenu::unpinWanted);
    connect(m_takeBack, &QAction::triggered, this, &KeepMenu::takeBackWanted);
}

void KeepMenu::setSnapshots(const QList<Snapshot> &selected)
{
    setEntry(m_ttl, forChangeTtl(selected));
    setEntry(m_pin, forChangeTtl(selected));
    setEntry(m_unpin, forUnpin(selected));
    setEntry(m_takeBack, forTakeBack(selected));
}

Availability forKeep(const QList<Snapshot> &selected)
{
    if (selected.isEmpty())
        return {KeepMenu::tr("Select a snapshot first.")};
    const bool isOneNamespace =
        std::all_of(selected.begin(), selected.end(), [&selected](const Snapshot &snapshot) {
            return snapshot.namespaceName == selected.first().namespaceName;
        });
    return {isOneNamespace ? QString() : KeepMenu::tr("Select snapshots of one namespace only.")};
}

Availability forChangeTtl(const QList<Snapshot> &selected)
{
    return {
        areAll(selected, SnapshotStatus::Active)
            ? QString()
            : KeepMenu::tr("Only active snapshots have a time to live.")};
}

Availability forUnpin(const QList<Snapshot> &selected)
{
    const bool hasPin = std::any_of(selected.begin(), selected.end(), [](const Snapshot &snapshot) {
        return snapshot.pin.has_value();
    });
    if (!hasPin)
        return {KeepMenu::tr("It is not pinned.")};
    return forChangeTtl(selected);
}

Availability forTakeBack(const QList<Snapshot> &selected)
{
    return {
        areAll(selected, SnapshotStatus::Trashed) ? QString()
                                                  : KeepMenu::tr("It is not in the trash.")};
}

} // namespace sandglass
