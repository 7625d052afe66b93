#pragma once

#include "services/domain/snapshot.h"
#include "ui/availability.h"

#include <QMenu>

namespace sandglass {

/// For how long the selected snapshots are kept: their TTL, pins, and back out of the trash.
class KeepMenu final : public QMenu
{
    Q_OBJECT
public:
    explicit KeepMenu(QWidget *parent);

    void setSnapshots(const QList<Snapshot> &selected);

Q_SIGNALS:
    void ttlWanted();
    void pinWanted();
    void unpinWanted();
    void takeBackWanted();

private:
    QAction *m_ttl;
    QAction *m_pin;
    QAction *m_unpin;
    QAction *m_takeBack;
};

// Pure functions of the selected snapshots.

[[nodiscard]] Availability forKeep(const QList<Snapshot> &selected); ///< of one namespace
[[nodiscard]] Availability forChangeTtl(const QList<Snapshot> &selected);
[[nodiscard]] Availability forUnpin(const QList<Snapshot> &selected);
[[nodiscard]] Availability forTakeBack(const QList<Snapshot> &selected);

} // namespace sandglass
