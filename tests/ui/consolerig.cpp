#include "tests/ui/consolerig.h"

#include "services/storage/cleanuprunrepository.h"
#include "services/storage/enginerepository.h"
#include "services/storage/operationrepository.h"
#include "services/storage/registryrepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "tests/models/samples.h"
#include "tests/support/waitfor.h"

namespace sandglass {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

std::unique_ptr<Database> openStore(const QString &folder, const Clock &clock)
{
    auto database = Database::open(folder + u"/sandglass.db"_s, clock);
    if (!database)
        qFatal("%s", qPrintable(database.error().summary()));
    return *std::move(database);
}

Sandbox inState(const QString &name, SandboxStatus status, const QString &engine = u"local"_s)
{
    Sandbox sandbox = sample::sandbox(name);
    sandbox.status = status;
    sandbox.engine = EngineName::trusted(engine);
    return sandbox;
}

QList<Sandbox> sandboxesOfADay()
{
    Sandbox failed = inState(u"tensor"_s, SandboxStatus::Failed);
    failed.error = u"no such image: tensor:9"_s;
    failed.config.image = u"tensor:9"_s;
    Sandbox adopted = inState(u"adopted"_s, SandboxStatus::Running);
    adopted.displayName = u"indexify-sandbox-7f3a"_s;
    adopted.origin = SandboxOrigin::Adopted;
    return {
        inState(u"web"_s, SandboxStatus::Running),
        inState(u"db"_s, SandboxStatus::Paused),
        inState(u"batch"_s, SandboxStatus::Stopped),
        inState(u"fresh"_s, SandboxStatus::Pending),
        inState(u"gone"_s, SandboxStatus::Missing),
        inState(u"remote"_s, SandboxStatus::Running, u"lab"_s),
        adopted,
        failed};
}

QList<Snapshot> snapshotsOfADay()
{
    Snapshot tagged = sample::snapshot(u"k3v9q2xw81mz0a4c"_s);
    tagged.tag = u"before-upgrade"_s;
    tagged.note = u"schema 14 to 15"_s;
    Snapshot never = sample::snapshot(u"p0x7rt55e2u1yb6d"_s);
    never.tag = u"golden"_s;
    never.ttlSeconds = 0;
    never.createdAt -= 240h;
    Snapshot creating = sample::snapshot(u"new"_s);
    creating.status = SnapshotStatus::Creating;
    creating.createdAt = sample::now - 20s;
    creating.sizeBytes.reset();
    creating.changedBytes.reset();
    creating.frozenMilliseconds.reset();
    creating.locations.clear();
    Snapshot vanished = sample::snapshot(u"vanished0"_s);
    vanished.createdAt -= 30h;
    vanished.locations.first().state = LocationState::Missing;
    vanished.locations.first().error = u"the image is not on the engine any more"_s;
    Snapshot deleting = sample::snapshot(u"leaving00"_s);
    deleting.status = SnapshotStatus::Deleting;
    deleting.error = u"waits for sandbox sb-child, which runs from it"_s;
    Snapshot failed = creating;
    failed.id = SnapshotId::trusted(u"snap-unlucky0"_s);
    failed.status = SnapshotStatus::Failed;
    failed.createdAt -= 90min;
    failed.error = u"No space is left: commit (unix:///var/run/docker.sock)"_s;
    return {
        tagged,
        never,
        sample::expiredSnapshot(u"c71hh2m9s0w4e8zz"_s),
        vanished,
        creating,
        deleting,
        failed};
}

QList<Operation> operationsOfADay()
{
    Operation running = sample::runningOperation(u"1"_s);
    Operation done = sample::runningOperation(u"2"_s);
    done.kind = OperationKind::RestoreSnapshot;
    done.state = OperationState::Succeeded;
    done.snapshot = SnapshotId::trusted(u"snap-k3v9q2xw81mz0a4c"_s);
    done.createdAt -= 2h;
    done.startedAt = done.createdAt;
    done.finishedAt = done.createdAt + 3s;
    Operation failed = done;
    failed.id = OperationId::trusted(u"op-3"_s);
    failed.kind = OperationKind::CreateSnapshot;
    failed.state = OperationState::Failed;
    failed.snapshot = SnapshotId::trusted(u"snap-unlucky0"_s);
    failed.error =
        u"No space is left: commit (unix:///var/run/docker.sock). Free space on that disk, then try again."_s;
    failed.errorKind = u"storage_full"_s;
    Operation waiting = sample::runningOperation(u"4"_s);
    waiting.kind = OperationKind::DeleteSnapshot;
    waiting.state = OperationState::Waiting;
    waiting.snapshot = SnapshotId::trusted(u"snap-leaving00"_s);
    waiting.error = u"Nobody answers: remove image (tcp://10.0.0.7:2375)."_s;
    waiting.nextAttemptAt = sample::now + 40s;
    waiting.attempts = 3;
    return {running, done, failed, waiting};
}

QList<Registry> registriesOfADay()
{
    Registry hub = sample::registry(u"hub"_s);
    hub.credentialSource = CredentialSource::Keychain;
    hub.username = u"ann"_s;
    Registry silent = sample::registry(u"archive"_s);
    silent.position = 1;
    silent.credentialSource = CredentialSource::DockerHelper;
    silent.lastSeenAt = sample::now - 3h;
    silent.error = u"Nobody answers: archive.example.com. Check that the registry is running."_s;
    Registry paused = sample::registry(u"public"_s);
    paused.position = 2;
    paused.pausedUntil = sample::now + 10min;
    Registry lab = sample::registry(u"lab"_s);
    lab.host = u"10.0.0.9:5000"_s;
    lab.position = 3;
    lab.insecure = true;
    lab.namespaces.clear();
    lab.deletes = false;
    lab.rateLimit.clear();
    return {hub, silent, paused, lab};
}

/// Places in every state of the snapshot that the day at work begins with.
QList<Location> placesOfADay(const SnapshotId &snapshot)
{
    Location uploading = sample::registryLocation(snapshot, u"hub"_s);
    uploading.state = LocationState::Uploading;
    Location failed = sample::registryLocation(snapshot, u"public"_s);
    failed.state = LocationState::Failed;
    failed.error = u"No space is left at the registry."_s;
    return {uploading, sample::registryLocation(snapshot, u"archive"_s), failed};
}

} // namespace

ConsoleRig::ConsoleRig()
    : m_clock(sample::now)
    , m_database(openStore(m_folder.path(), m_clock))
    , m_connections(*m_database)
    , m_credentials(m_secrets, {}, {})
    , m_registryAccess(*m_database, m_credentials, m_clock)
    , m_runner(*m_database, m_connections, m_registryAccess, m_clock)
    , m_sandboxes(*m_database, m_runner, m_clock)
    , m_snapshots(*m_database, m_runner, m_connections, m_clock)
    , m_engines(*m_database, m_runner, m_connections, m_clock)
    , m_operations(*m_database, m_runner, m_clock)
    , m_adoptions(*m_database, m_connections)
    , m_rebuild(*m_database, m_connections)
    , m_registries(*m_database, m_runner, m_registryAccess, m_credentials)
    , m_cleanup(*m_database, m_runner, m_clock)
    , m_retention(*m_database, m_clock)
    , m_schedules(*m_database, m_snapshots, m_cleanup)
    , m_orphans(*m_database, m_connections)
    , m_audit(*m_database)
    , m_settingsService(*m_database)
    , m_store(*m_database)
    , m_feed(*m_database)
    , m_settings(m_folder.path() + u"/window.ini"_s, QSettings::IniFormat)
{ }

UseCases ConsoleRig::useCases()
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
        m_settingsService,
        m_store,
        m_clock};
}

void ConsoleRig::write(const std::function<Done(Session &)> &work)
{
    if (const Done written = m_database->write(work); !written)
        qFatal("%s", qPrintable(written.error().summary()));
}

void ConsoleRig::fillWithADayAtWork()
{
    write([](Session &session) -> Done {
        EngineRepository engines(session);
        Engine lab = sample::engine(u"lab"_s);
        lab.address = u"tcp://10.0.0.7:2375"_s;
        lab.state = EngineState::Unreachable;
        lab.error =
            u"Nobody answers: connect (tcp://10.0.0.7:2375). Check that the engine is running."_s;
        lab.lastSeenAt = sample::now - 40min;
        lab.nextAttemptAt = sample::now + 25s;
        for (const Engine &engine : {sample::engine(u"local"_s), lab}) {
            SANDGLASS_CHECK(engines.insert(engine));
            SANDGLASS_CHECK(engines.save(engine));
        }
        SandboxRepository sandboxes(session);
        for (const Sandbox &sandbox : sandboxesOfADay()) {
            SANDGLASS_CHECK(sandboxes.insert(sandbox));
            SANDGLASS_CHECK(sandboxes.save(sandbox));
        }
        SnapshotRepository snapshots(session);
        for (const Snapshot &snapshot : snapshotsOfADay()) {
            SANDGLASS_CHECK(snapshots.insert(snapshot));
            SANDGLASS_CHECK(snapshots.save(snapshot));
            for (const Location &location : snapshot.locations)
                SANDGLASS_CHECK(snapshots.saveLocation(location));
        }
        OperationRepository operations(session);
        for (const Operation &operation : operationsOfADay()) {
            SANDGLASS_CHECK(operations.insert(operation));
            SANDGLASS_CHECK(operations.save(operation));
            for (int i = 0; i < operation.steps.size(); ++i)
                SANDGLASS_CHECK(operations.saveStep(operation.id, i, operation.steps.at(i)));
        }
        return {};
    });
}

void ConsoleRig::fillWithRegistries()
{
    fillWithADayAtWork();
    write([](Session &session) -> Done {
        RegistryRepository registries(session);
        for (const Registry &registry : registriesOfADay())
            SANDGLASS_CHECK(registries.save(registry));
        const auto snapshot = SnapshotId::trusted(u"snap-k3v9q2xw81mz0a4c"_s);
        SnapshotRepository snapshots(session);
        for (const Location &location : placesOfADay(snapshot))
            SANDGLASS_CHECK(snapshots.saveLocation(location));
        const Operation push = sample::runningPush(u"5"_s, snapshot);
        OperationRepository operations(session);
        SANDGLASS_CHECK(operations.insert(push));
        SANDGLASS_CHECK(operations.save(push));
        SANDGLASS_CHECK(operations.saveProgress(push.id, push.progress));
        for (int i = 0; i < push.steps.size(); ++i)
            SANDGLASS_CHECK(operations.saveStep(push.id, i, push.steps.at(i)));
        return {};
    });
}

void ConsoleRig::fillWithCleanups()
{
    fillWithRegistries();
    write([](Session &session) -> Done {
        SnapshotRepository snapshots(session);
        Snapshot pinned = sample::expiredSnapshot(u"pinned000"_s);
        pinned.pin = SnapshotPin{u"before the release"_s, u"ann (sandglass)"_s, sample::now + 240h};
        Snapshot trashed = sample::snapshot(u"trashed00"_s);
        trashed.status = SnapshotStatus::Trashed;
        trashed.trashedUntil = sample::now + 23h;
        for (const Snapshot &snapshot : {pinned, trashed}) {
            SANDGLASS_CHECK(snapshots.insert(snapshot));
            SANDGLASS_CHECK(snapshots.save(snapshot));
            for (const Location &location : snapshot.locations)
                SANDGLASS_CHECK(snapshots.saveLocation(location));
        }
        CleanupRun run;
        run.id = u"run-5t0qk2v8x1c7"_s;
        run.byTimer = true;
        run.caller = itself(u"cleanup timer"_s);
        run.planMadeAt = run.startedAt = sample::now - 50min;
        run.finishedAt = run.startedAt + 4s;
        const auto add = [&run](const QString &id, CleanupOutcome outcome, const QString &reason) {
            CleanupItem item;
            item.snapshot = SnapshotId::trusted(u"snap-"_s + id);
            item.namespaceName = NamespaceName::trusted(u"default"_s);
            item.outcome = outcome;
            item.reason = reason;
            item.bytes = 36'000'000;
            run.items.append(item);
        };
        add(u"gone00001"_s, CleanupOutcome::Deleted, u"its time to live of 14 days is over"_s);
        add(u"gone00002"_s, CleanupOutcome::Deleted, u"its time to live of 14 days is over"_s);
        add(u"kept00003"_s, CleanupOutcome::Skipped, u"it was restored since the plan was made"_s);
        add(u"unlucky04"_s,
            CleanupOutcome::Failed,
            u"registry hub: deletion is disabled at this registry"_s);
        CleanupRunRepository runs(session);
        SANDGLASS_CHECK(runs.insert(run, {}));
        return runs.saveTimer({sample::now - 50min, {}});
    });
}

std::unique_ptr<MainWindow> ConsoleRig::makeWindow()
{
    return std::make_unique<MainWindow>(
        useCases(), m_feed, m_pool, m_settings, Caller{u"ann"_s, u"test"_s, {}});
}

std::unique_ptr<MainWindow> ConsoleRig::openWindow()
{
    auto window = makeWindow();
    window->show();
    if (!waitFor([&window] { return window->data().isLoaded(); }))
        qFatal("the window does not load");
    return window;
}

} // namespace sandglass
