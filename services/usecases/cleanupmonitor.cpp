#include "services/usecases/cleanupmonitor.h"

#include "services/core/background.h"
#include "services/core/logging.h"
#include "services/operations/operationrunner.h"
#include "services/usecases/cleanupservice.h"

namespace sandglass {

using namespace std::chrono_literals;

namespace {

constexpr auto betweenCleanupLooks = 1s;

} // namespace

CleanupMonitor::CleanupMonitor(
    CleanupService &cleanup, const OperationRunner &runner, QObject *parent)
    : QObject(parent)
    , m_cleanup(cleanup)
    , m_runner(runner)
{
    m_pool.setMaxThreadCount(1);
    m_timer.setInterval(betweenCleanupLooks);
    connect(&m_timer, &QTimer::timeout, this, &CleanupMonitor::tick);
    m_timer.start();
}

CleanupMonitor::~CleanupMonitor()
{
    m_stop.cancel();
    m_pool.waitForDone();
}

void CleanupMonitor::tick()
{
    if (m_isBusy || !m_runner.drivesAny())
        return;
    m_isBusy = true;
    inBackground(
        m_pool,
        this,
        [&cleanup = m_cleanup, stop = m_stop] { return cleanup.tick(stop); },
        [this](const Done &done) {
            m_isBusy = false;
            const QString error = done ? QString() : done.error().summary();
            if (error != m_lastError && !error.isEmpty())
                qCWarning(usecasesLog) << "cleanup:" << error;
            m_lastError = error;
        });
}

} // namespace sandglass
