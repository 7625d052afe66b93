#pragma once

#include "services/domain/engine.h"
#include "services/domain/registry.h"
#include "services/domain/snapshot.h"
#include "ui/availability.h"
#include "ui/icons.h"

#include <QMenu>

namespace sandglass {

/// What can be done about the places of one snapshot: push it to a registry, pull it to an engine,
/// try again what failed, ask the registries now. Each entry that makes no sense says why not.
class PlacesMenu final : public QMenu
{
    Q_OBJECT
public:
    explicit PlacesMenu(QWidget *parent);

    /// The same as before changes nothing, and closes no menu that is open.
    void setSnapshot(
        const Snapshot &snapshot, const QList<Engine> &engines, const QList<Registry> &registries);

Q_SIGNALS:
    void pushWanted(const sandglass::RegistryName &to);
    void pullWanted(const sandglass::EngineName &to);
    void checkWanted();

private:
    void fill();
    void fillRetry();
    QAction *addPlace(QMenu *menu, const QString &place, const Availability &availability);

    Snapshot m_snapshot;
    QList<Engine> m_engines;
    QList<Registry> m_registries;
    QMenu *m_push;
    QMenu *m_pull;
    QMenu *m_retry;
    QAction *m_check;
};

} // namespace sandglass
