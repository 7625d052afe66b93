#include "services/usecases/retentionmonitor.h"

#include "services/core/background.h"
#include "services/core/logging.h"
#include "services/operations/operationrunner.h"
#include "services/usecases/cleanupservice.h"
#include "services/usecases/earlytrashremoval.h"
#include "services/usecases/scheduleservice.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto betweenRetentionLooks = 1s;
constexpr auto betweenLooksAtSpace = 10s;

} // namespace

RetentionMonitor::RetentionMonitor(
    CleanupService &cleanup,
    ScheduleService &schedules,
    EarlyTrashRemoval &trash,
    const OperationRunner &runner,
    QObject *parent)
    : QObject(parent)
    , m_runner(runner)
    , m_works{
          Work{
              u"cleanup"_s,
              betweenRetentionLooks,
              [&cleanup](const CancelToken &stop) { return cleanup.tick(stop); }},
          Work{
              u"schedules"_s,
              betweenRetentionLooks,
              [&schedules](const CancelToken &stop) { return schedules.runDue(stop); }},
          Work{u"trash"_s, betweenLooksAtSpace, [&trash](const CancelToken &stop) {
                   return trash.look(stop);
               }}}
{
    m_pool.setMaxThreadCount(int(m_works.size()));
    m_timer.setInterval(betweenRetentionLooks);
    connect(&m_timer, &QTimer::timeout, this, &RetentionMonitor::tick);
    m_timer.start();
}

RetentionMonitor::~RetentionMonitor()
{
    m_stop.cancel();
    m_pool.waitForDone();
}

void RetentionMonitor::tick()
{
    if (!m_runner.drivesAny())
        return;
    for (Work &work : m_works)
        begin(work);
}

void RetentionMonitor::begin(Work &work)
{
    const auto now = std::chrono::steady_clock::now();
    if (work.isBusy || now < work.nextAt)
        return;
    work.isBusy = true;
    work.nextAt = now + work.interval - betweenRetentionLooks / 2; // the timer's ticks vary
    inBackground(
        m_pool,
        this,
        [look = work.look, stop = m_stop] { return look(stop); },
        [&work](const Done &done) {
            work.isBusy = false;
            const QString error = done ? QString() : done.error().summary();
            if (error != work.lastError && !error.isEmpty())
                qCWarning(usecasesLog) << work.name << error;
            work.lastError = error;
        });
}

} // namespace sandglass
