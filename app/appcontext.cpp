#include "app/appcontext.h"

#include "services/storage/auditlog.h"
#include "services/storage/enginerepository.h"
#include "services/usecases/dockerfolder.h"

#include <QCoreApplication>

#include <pwd.h>
#include <unistd.h>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Adds the engines that are not known yet, and gives those that are the address of the options.
Done ensureEngines(Database &database, const QList<QPair<EngineName, EngineAddress>> &engines)
{
    return database.write([&engines](Session &session) -> Done {
        EngineRepository repository(session);
        for (const auto &[name, given] : engines) {
            const auto known = repository.find(name);
            EngineAddress address = given;
            if (known && address.scheme == EngineAddress::Scheme::Tcp && !address.tls)
                address.tls = known->tls; // an option has no words for it
            if (known && known->address == address.text())
                continue;
            const QString before = known ? known->address : QString();
            Engine engine = known.value_or(Engine{});
            engine.name = name;
            engine.setAddress(address);
            engine.state = EngineState::Connecting;
            SANDGLASS_CHECK(known ? repository.save(engine) : repository.insert(engine));
            SANDGLASS_CHECK(appendAudit(
                session,
                {{loginName(), QCoreApplication::applicationName(), {}},
                 known ? u"change_engine"_s : u"add_engine"_s,
                 name.text(),
                 known ? u"from %1 to %2"_s.arg(before, engine.address) : u"at "_s + engine.address,
                 {}}));
        }
        return {};
    });
}

Result<QList<QPair<EngineName, EngineAddress>>>
enginesToEnsure(Database &database, const StartOptions &options)
{
    if (!options.engines.isEmpty())
        return options.engines;
    SANDGLASS_TRY(const QList<Engine> known, database.read([](Session &session) {
        return EngineRepository(session).list();
    }));
    if (!known.isEmpty())
        return QList<QPair<EngineName, EngineAddress>>();
    SANDGLASS_TRY(const DockerEngine engine, engineOf(dockerEnvironment()));
    return QList{qMakePair(EngineName::trusted(engine.name), engine.address)};
}

} // namespace

Result<std::unique_ptr<Database>>
AppContext::openStore(const StartOptions &options, const Clock &clock)
{
    SANDGLASS_TRY(std::unique_ptr<Database> database, openDatabase(options.dataDirectory, clock));
    SANDGLASS_TRY(const auto engines, enginesToEnsure(*database, options));
    SANDGLASS_CHECK(ensureEngines(*database, engines));
    return database;
}

std::unique_ptr<AppContext> AppContext::begin(std::unique_ptr<Database> store, const Clock &clock)
{
    std::unique_ptr<AppContext> context(new AppContext(std::move(store), clock));
    context->m_runner.start();
    return context;
}

Result<std::unique_ptr<AppContext>>
AppContext::create(const StartOptions &options, const Clock &clock)
{
    SANDGLASS_TRY(std::unique_ptr<Database> store, openStore(options, clock));
    return begin(std::move(store), clock);
}

Result<std::unique_ptr<Database>>
AppContext::openDatabase(const QString &dataDirectory, const Clock &clock)
{
    return Database::open(dataDirectory + u"/sandglass.db"_s, clock);
}

AppContext::AppContext(std::unique_ptr<Database> database, const Clock &clock)
    : m_clock(clock)
    , m_database(std::move(database))
    , m_connections(*m_database)
    , m_credentials(m_keychain, dockerFolder(), qEnvironmentVariable("CREDENTIALS_DIRECTORY"))
    , m_registryAccess(*m_database, m_credentials, clock)
    , m_runner(*m_database, m_connections, m_registryAccess, clock)
    , m_sandboxes(*m_database, m_runner, clock)
    , m_snapshots(*m_database, m_runner, m_connections, clock)
    , m_engines(*m_database, m_runner, m_connections, clock)
    , m_operations(*m_database, m_runner, clock)
    , m_adoptions(*m_database, m_connections)
    , m_rebuild(*m_database, m_connections)
    , m_registries(*m_database, m_runner, m_registryAccess, m_credentials)
    , m_cleanup(*m_database, m_runner, clock)
    , m_retention(*m_database, clock)
    , m_schedules(*m_database, m_snapshots, m_cleanup)
    , m_orphans(*m_database, m_connections)
    , m_audit(*m_database)
    , m_settings(*m_database)
    , m_store(*m_database)
    , m_feed(*m_database)
    , m_monitor(*m_database, m_connections, m_runner, m_sandboxes, m_feed, clock)
    , m_registryMonitor(*m_database, m_registryAccess, m_runner, clock)
    , m_earlyTrash(*m_database, m_connections, m_runner)
    , m_retentionMonitor(m_cleanup, m_schedules, m_earlyTrash, m_runner)
{ }

AppContext::~AppContext()
{
    m_runner.stop();
}

UseCases AppContext::useCases()
{
    return {
        m_sandboxes,
        m_snapshots,
        m_engines,
        m_operations,
        m_adoptions,
        m_rebuild,
        m_registries,
        m_cleanup,
        m_retention,
        m_schedules,
        m_orphans,
        m_audit,
        m_settings,
        m_store,
        m_clock};
}

QString loginName()
{
    const passwd *entry = ::getpwuid(::getuid());
    return entry ? QString::fromLocal8Bit(entry->pw_name) : QString::number(::getuid());
}

} // namespace sandglass
