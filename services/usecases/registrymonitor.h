#pragma once

#include "services/core/canceltoken.h"
#include "services/domain/registry.h"

#include <QObject>
#include <QSet>
#include <QThreadPool>
#include <QTimer>

namespace sandglass {

class Clock;
class Database;
class OperationRunner;
class RegistryAccess;

/// Finds what others removed from registries: asks for each place again once the time between
/// checks has passed since it was last asked for, some of them every few seconds. A registry that
/// does not answer holds up no other. In the process that drives engines. Lives on the main thread
/// and never blocks it.
class RegistryMonitor : public QObject
{
    Q_OBJECT
public:
    RegistryMonitor(
        Database &database,
        RegistryAccess &access,
        const OperationRunner &runner,
        const Clock &clock,
        QObject *parent = nullptr);
    ~RegistryMonitor() override; ///< aborts what is pending and waits for it

private:
    void tick();
    void check(const RegistryName &name);

    Database &m_database;
    RegistryAccess &m_access;
    const OperationRunner &m_runner;
    const Clock &m_clock;
    CancelToken m_stop;
    QThreadPool m_pool;
    QTimer m_timer;
    QSet<RegistryName> m_busy; // a check of it is under way
};

} // namespace sandglass
