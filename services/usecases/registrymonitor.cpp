#include "services/usecases/registrymonitor.h"

#include "services/core/background.h"
#include "services/core/logging.h"
#include "services/operations/operationrunner.h"
#include "services/storage/database.h"
#include "services/storage/registryrepository.h"
#include "services/storage/settingsrepository.h"
#include "services/storage/snapshotrepository.h"
#include "services/usecases/registrycheck.h"

namespace sandglass {

using namespace std::chrono_literals;

namespace {

constexpr auto betweenLooks = 5s;
constexpr int mostPerTick = 20; // of one registry: 86,000 in 6 hours, and no burst
constexpr int mostRegistriesAtOnce = 16; // each registry needs one at a time

/// Asks for those that were asked for longest ago, if that is long enough.
Done checkDue(
    Database &database,
    RegistryAccess &access,
    const RegistryName &name,
    Timestamp now,
    const CancelToken &stop)
{
    SANDGLASS_TRY(
        const QList<Location> due, database.read([&](Session &session) -> Result<QList<Location>> {
            SANDGLASS_TRY(
                const SettingValue interval,
                SettingsRepository(session).effective(Setting::RegistryCheckInterval));
            return SnapshotRepository(session).uncheckedLocations(
                name, now - std::chrono::seconds(interval.value), mostPerTick);
        }));
    return due.isEmpty() ? Done() : checkLocations(database, access, name, due, stop);
}

} // namespace

RegistryMonitor::RegistryMonitor(
    Database &database,
    RegistryAccess &access,
    const OperationRunner &runner,
    const Clock &clock,
    QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_access(access)
    , m_runner(runner)
    , m_clock(clock)
{
    m_pool.setMaxThreadCount(mostRegistriesAtOnce);
    m_timer.setInterval(betweenLooks);
    connect(&m_timer, &QTimer::timeout, this, &RegistryMonitor::tick);
    m_timer.start();
}

RegistryMonitor::~RegistryMonitor()
{
    m_stop.cancel();
    m_pool.waitForDone();
}

void RegistryMonitor::tick()
{
    if (!m_runner.drivesAny())
        return;
    inBackground(
        m_pool,
        this,
        [&database = m_database] {
            return database.read(
                [](Session &session) { return RegistryRepository(session).list(); });
        },
        [this](const Result<QList<Registry>> &registries) {
            if (!registries) {
                qCWarning(usecasesLog) << "read the registries:" << registries.error().summary();
                return;
            }
            for (const Registry &registry : *registries)
                check(registry.name);
        });
}

void RegistryMonitor::check(const RegistryName &name)
{
    if (m_busy.contains(name))
        return;
    m_busy.insert(name);
    inBackground(
        m_pool,
        this,
        [&database = m_database, &access = m_access, name, now = m_clock.now(), stop = m_stop] {
            return checkDue(database, access, name, now, stop);
        },
        [this, name](const Done &checked) {
            m_busy.remove(name);
            if (!checked)
                qCInfo(usecasesLog) << name.text() << "check:" << checked.error().summary();
        });
}

} // namespace sandglass
