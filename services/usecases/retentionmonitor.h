#pragma once

#include "services/core/canceltoken.h"
#include "services/core/result.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <array>
#include <chrono>
#include <functional>

namespace sandglass {

class CleanupService;
class EarlyTrashRemoval;
class OperationRunner;
class ScheduleService;

/// The timer of cleanups, schedules and the trash: has each look whether something is due. In the
/// process that drives engines. Lives on the main thread and never blocks it.
class RetentionMonitor : public QObject
{
    Q_OBJECT
public:
    RetentionMonitor(
        CleanupService &cleanup,
        ScheduleService &schedules,
        EarlyTrashRemoval &trash,
        const OperationRunner &runner,
        QObject *parent = nullptr);
    ~RetentionMonitor() override; ///< ends what runs, and waits for it

private:
    /// Each works on a thread of its own, so that none waits for another.
    struct Work
    {
        QString name;
        std::chrono::seconds interval; ///< from one look to the next
        std::function<Done(const CancelToken &)> look;
        bool isBusy = false;
        QString lastError = {}; ///< said once, not every second
        std::chrono::steady_clock::time_point nextAt = {};
    };

    void tick();
    void begin(Work &work);

    const OperationRunner &m_runner;
    CancelToken m_stop;
    QThreadPool m_pool;
    QTimer m_timer;
    std::array<Work, 3> m_works;
};

} // namespace sandglass
