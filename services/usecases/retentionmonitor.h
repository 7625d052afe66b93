#pragma once

#include "services/core/canceltoken.h"
#include "services/core/result.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <array>
#include <functional>

namespace sandglass {

class CleanupService;
class OperationRunner;
class ScheduleService;

/// The timer of cleanups and schedules: has both look every second whether something is due. In the
/// process that drives engines. Lives on the main thread and never blocks it.
class RetentionMonitor : public QObject
{
    Q_OBJECT
public:
    RetentionMonitor(
        CleanupService &cleanup,
        ScheduleService &schedules,
        const OperationRunner &runner,
        QObject *parent = nullptr);
    ~RetentionMonitor() override; ///< ends what runs, and waits for it

private:
    /// One of the two; each works on a thread of its own, so that none waits for the other.
    struct Work
    {
        QString name;
        std::function<Done(const CancelToken &)> look;
        bool isBusy = false;
        QString lastError = {}; ///< said once, not every second
    };

    void tick();
    void begin(Work &work);

    const OperationRunner &m_runner;
    CancelToken m_stop;
    QThreadPool m_pool;
    QTimer m_timer;
    std::array<Work, 2> m_works;
};

} // namespace sandglass
