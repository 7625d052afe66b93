#pragma once

#include "services/core/canceltoken.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

namespace sandglass {

class CleanupService;
class OperationRunner;

/// The cleanup's timer: has CleanupService look every second whether there is something to do. In
/// the process that drives engines. Lives on the main thread and never blocks it.
class CleanupMonitor : public QObject
{
    Q_OBJECT
public:
    CleanupMonitor(
        CleanupService &cleanup, const OperationRunner &runner, QObject *parent = nullptr);
    ~CleanupMonitor() override; ///< ends what runs, and waits for it

private:
    void tick();

    CleanupService &m_cleanup;
    const OperationRunner &m_runner;
    CancelToken m_stop;
    QThreadPool m_pool;
    QTimer m_timer;
    bool m_isBusy = false;
    QString m_lastError; // said once, not every second
};

} // namespace sandglass
