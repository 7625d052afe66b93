#include "services/operations/containerspec.h"
#include "services/operations/engineconnections.h"
#include "services/operations/operationrunner.h"
#include "services/operations/processidentity.h"
#include "services/operations/registryaccess.h"
#include "services/secrets/registrycredentials.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "services/usecases/enginesync.h"
#include "services/usecases/snapshotcursor.h"
#include "services/usecases/usecases.h"
#include "tests/support/auditrule.h"
#include "tests/support/fakeclock.h"
#include "tests/support/memorysecretstore.h"

#include <QJsonArray>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const NamespaceName space = NamespaceName::trusted(u"default"_s);

CreateSandboxRequest goodRequest()
{
    CreateSandboxRequest request;
    request.namespaceName = space;
    request.image = u"base:1"_s;
    return request;
}

} // namespace

/// The use cases against a store and an engine that does not exist: what they refuse, and what they
/// write down.
class UseCasesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_database = std::move(*Database::open(m_folder->path() + u"/sandglass.db"_s, m_clock));
        refuseUnauditedChanges(m_database->file());
        m_connections = std::make_unique<EngineConnections>(*m_database);
        m_registries = std::make_unique<RegistryAccess>(*m_database, m_credentials, m_clock);
        m_runner = std::make_unique<OperationRunner>(
            *m_database, *m_connections, *m_registries, m_clock); // never started
        QVERIFY(engines().add(
            EngineName::trusted(u"a"_s),
            EngineAddress::parse(u"unix:///nonexistent/engine.sock"_s).value(),
            {}));
    }

    void cleanup()
    {
        m_runner.reset();
        m_connections.reset();
        m_database.reset();
    }

    void observedStatusByTable_data()
    {
        QTest::addColumn<SandboxStatus>("known");
        QTest::addColumn<QString>("container");
        QTest::addColumn<bool>("frozenByUs");
        QTest::addColumn<SandboxStatus>("expected");
        using enum SandboxStatus;
        QTest::newRow("goes on") << Running << u"running"_s << false << Running;
        QTest::newRow("ended") << Running << u"exited"_s << false << Stopped;
        QTest::newRow("started again") << Stopped << u"running"_s << false << Running;
        QTest::newRow("frozen by others") << Running << u"paused"_s << false << Paused;
        QTest::newRow("frozen by a snapshot") << Running << u"paused"_s << true << Running;
        QTest::newRow("vanished") << Running << QString() << false << Missing;
        QTest::newRow("is back") << Missing << u"running"_s << false << Running;
        QTest::newRow("being made") << Pending << QString() << false << Pending;
        QTest::newRow("being removed") << Terminating << u"running"_s << false << Terminating;
        QTest::newRow("removed") << Terminated << QString() << false << Terminated;
        QTest::newRow("never was") << Failed << QString() << false << Failed;
        QTest::newRow("dead") << Running << u"dead"_s << false << Stopped;
        QTest::newRow("restarting") << Running << u"restarting"_s << false << Running;
    }

    void observedStatusByTable()
    {
        QFETCH(SandboxStatus, known);
        QFETCH(QString, container);
        QFETCH(bool, frozenByUs);
        const auto state = container.isNull() ? std::nullopt : std::optional(container);
        QTEST(observedStatus(known, state, frozenByUs), "expected");
    }

    void badSandboxesAreRefused_data()
    {
        QTest::addColumn<CreateSandboxRequest>("request");
        const auto row = [](const char *name, auto change) {
            CreateSandboxRequest request = goodRequest();
            change(request);
            QTest::newRow(name) << request;
        };
        row("image", [](auto &r) { r.image = u"../x"_s; });
        row("no image", [](auto &r) { r.image.clear(); });
        row("no CPU", [](auto &r) { r.cpus = 0; });
        row("negative CPUs", [](auto &r) { r.cpus = -1; });
        row("not a number", [](auto &r) { r.cpus = std::numeric_limits<double>::quiet_NaN(); });
        row("endless CPUs", [](auto &r) { r.cpus = std::numeric_limits<double>::infinity(); });
        row("no memory", [](auto &r) { r.memoryMegabytes = 0; });
        row("absurd memory",
            [](auto &r) { r.memoryMegabytes = std::numeric_limits<qint64>::max(); });
        row("negative timeout", [](auto &r) { r.timeoutSeconds = -1; });
        row("absurd timeout",
            [](auto &r) { r.timeoutSeconds = std::numeric_limits<qint64>::max(); });
        row("empty entrypoint", [](auto &r) { r.entrypoint = QStringList(); });
        row("secret name", [](auto &r) { r.secretNames = {u"A B"_s}; });
        row("network", [](auto &r) { r.networkMode = u"container:../x"_s; });
        row("long name", [](auto &r) { r.displayName = QString(129, u'a'); });
    }

    void badSandboxesAreRefused()
    {
        QFETCH(CreateSandboxRequest, request);
        const auto refused = sandboxes().create(request);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::InvalidArgument);
        QCOMPARE(sandboxes().list({})->size(), 0);
        QCOMPARE(operations().list()->size(), 0);
    }

    void goodSandboxIsWrittenDownBeforeAnythingIsDone()
    {
        const auto started = sandboxes().create(goodRequest());
        QVERIFY(started);
        QCOMPARE(sandboxes().find(space, started->sandbox)->status, SandboxStatus::Pending);
        const Operation operation = operations().find(started->operation).value();
        QCOMPARE(operation.state, OperationState::Queued);
        QCOMPARE(operation.currentStep(), u"check image"_s);
        const NamespaceName other = NamespaceName::trusted(u"other"_s);
        QCOMPARE(sandboxes().find(other, started->sandbox).error().kind, ErrorKind::NotFound);
        QCOMPARE(
            sandboxes().terminate(other, started->sandbox, {}).error().kind, ErrorKind::NotFound);
    }

    void unknownEngineIsRefused()
    {
        CreateSandboxRequest request = goodRequest();
        request.engine = EngineName::trusted(u"nowhere"_s);
        QCOMPARE(sandboxes().create(request).error().kind, ErrorKind::NotFound);
    }

    void terminatingTwiceIsAConflict()
    {
        const auto started = sandboxes().create(goodRequest());
        QVERIFY(sandboxes().terminate(space, started->sandbox, {}));
        QCOMPARE(
            sandboxes().terminate(space, started->sandbox, {}).error().kind, ErrorKind::Conflict);
    }

    void badSnapshotsAreRefused()
    {
        const auto started = sandboxes().create(goodRequest());
        CreateSnapshotRequest request;
        request.namespaceName = space;
        request.sandbox = started->sandbox;
        QCOMPARE(snapshots().create(request).error().kind, ErrorKind::Conflict); // pending
        request.ttlSeconds = -1;
        QCOMPARE(snapshots().create(request).error().kind, ErrorKind::InvalidArgument);
        request.ttlSeconds = std::numeric_limits<qint64>::max();
        QCOMPARE(snapshots().create(request).error().kind, ErrorKind::InvalidArgument);
        request.ttlSeconds = 1;
        request.tag = u"bad tag"_s;
        QCOMPARE(snapshots().create(request).error().kind, ErrorKind::InvalidArgument);
        request.tag.clear();
        request.note = QString(4097, u'a');
        QCOMPARE(snapshots().create(request).error().kind, ErrorKind::InvalidArgument);
        request.note.clear();
        request.sandbox = SandboxId::trusted(u"sb-nobody"_s);
        QCOMPARE(snapshots().create(request).error().kind, ErrorKind::NotFound);
        QCOMPARE(snapshots().list({})->snapshots.size(), 0);
    }

    void badRestoresAreRefused()
    {
        RestoreRequest request;
        request.namespaceName = space;
        request.snapshot = SnapshotId::trusted(u"snap-nobody"_s);
        QCOMPARE(snapshots().restore(request).error().kind, ErrorKind::NotFound);
        request.reason = QString(4097, u'a');
        QCOMPARE(snapshots().restore(request).error().kind, ErrorKind::InvalidArgument);
        request.reason.clear();
        request.displayName = u"a\nb"_s;
        QCOMPARE(snapshots().restore(request).error().kind, ErrorKind::InvalidArgument);
    }

    /// What the other tests rely on: the rule catches what is not audited.
    void unauditedChangesAreRefused()
    {
        const auto started = sandboxes().create(goodRequest());
        QVERIFY(started);
        const auto save = [&](auto andThen) {
            return m_database->write([&](Session &session) -> Done {
                SANDGLASS_TRY(Sandbox sandbox, SandboxRepository(session).find(started->sandbox));
                sandbox.status = SandboxStatus::Running;
                SANDGLASS_CHECK(SandboxRepository(session).save(sandbox));
                return andThen(session);
            });
        };
        const Done unaudited = save([](Session &) { return Done(); });
        QVERIFY(!unaudited);
        QVERIFY2(
            unaudited.error().summary().contains(u"FOREIGN KEY"_s),
            qPrintable(unaudited.error().summary()));
        QCOMPARE(sandboxes().find(started->sandbox)->status, SandboxStatus::Pending);
        QVERIFY(save([&](Session &session) {
            return appendAudit(session, {{}, u"test"_s, started->sandbox.text(), {}, {}});
        }));
    }

    void engineWithSandboxesStays()
    {
        const auto started = sandboxes().create(goodRequest());
        QVERIFY(started);
        const EngineName name = EngineName::trusted(u"a"_s);
        QCOMPARE(engines().remove(name, {}).error().kind, ErrorKind::Conflict);
        QCOMPARE(engines().add(name, {}, {}).error().kind, ErrorKind::Conflict);
    }

    void engineWithACopyOfASnapshotStays()
    {
        const auto started = sandboxes().create(goodRequest());
        QVERIFY(started);
        const EngineName copied = EngineName::trusted(u"b"_s);
        const auto address = EngineAddress::parse(u"unix:///nonexistent/other.sock"_s);
        QVERIFY(engines().add(copied, *address, {}));
        QVERIFY(m_database->write([&](Session &session) -> Done {
            SANDGLASS_TRY(const Sandbox sandbox, SandboxRepository(session).find(started->sandbox));
            Snapshot snapshot;
            snapshot.id = SnapshotId::generate();
            snapshot.sandbox = sandbox.id;
            snapshot.namespaceName = sandbox.namespaceName;
            snapshot.engine = sandbox.engine;
            SANDGLASS_CHECK(SnapshotRepository(session).insert(snapshot));
            Location copy;
            copy.snapshot = snapshot.id;
            copy.place = copied.text();
            SANDGLASS_CHECK(SnapshotRepository(session).saveLocation(copy));
            return appendAudit(session, {{}, u"test"_s, snapshot.id.text(), {}, {}});
        }));
        QCOMPARE(engines().remove(copied, {}).error().kind, ErrorKind::Conflict);
    }

    void missingEngineIsSaidAtOnce()
    {
        const auto probed =
            engines().probe(EngineAddress::parse(u"unix:///nonexistent/engine.sock"_s).value());
        QCOMPARE(probed.error().kind, ErrorKind::Unreachable);
    }

    void finishedOperationsCannotBeCancelled()
    {
        const auto started = sandboxes().create(goodRequest());
        QVERIFY(operations().cancel(started->operation, {}));
        QVERIFY(operations().find(started->operation)->cancelRequested);
        QCOMPARE(
            operations().cancel(OperationId::generate(), {}).error().kind, ErrorKind::NotFound);
    }

    void endedProcessesAreKnown()
    {
        QVERIFY(!hasEnded(processIdentity()));
        QProcess other;
        other.start(u"/bin/cat"_s, QStringList());
        QVERIFY(other.waitForStarted());
        const QString id = QString::number(other.processId());
        QFile stat(u"/proc/%1/stat"_s.arg(id));
        QVERIFY(stat.open(QIODevice::ReadOnly));
        const QString started = QString::fromLatin1(stat.readAll().split(' ').value(21));
        const QString identity = processIdentity().section(u'/', 0, 1) + u'/' + id + u'/' + started;
        QVERIFY(!hasEnded(identity));
        QVERIFY(isAlive(identity));
        QVERIFY(!isAlive(identity + u'0'));
        QVERIFY(hasEnded(identity + u'0')); // its id was given to a later process
        other.kill();
        QVERIFY(other.waitForFinished());
        QVERIFY(hasEnded(identity));
        QVERIFY(!isAlive(identity));
        QVERIFY(!hasEnded(u"another-boot/pid:[1]/1/1"_s));
        QVERIFY(!hasEnded(u"nonsense"_s));
        QVERIFY(!isAlive(u"another-boot/pid:[1]/1/1"_s));
        QVERIFY(!isAlive(u"nonsense"_s));
    }

    void cursorsAreCheckedText()
    {
        Snapshot snapshot;
        snapshot.id = SnapshotId::trusted(u"snap-1"_s);
        snapshot.createdAt = fromMilliseconds(42);
        const auto parsed = parseCursor(cursorAfter(snapshot));
        QCOMPARE(parsed->first, snapshot.createdAt);
        QCOMPARE(parsed->second, snapshot.id);
        for (const QString &bad : {u"x"_s, u"1"_s, u"1.nothing"_s, u"1.snap-../"_s, u".snap-1"_s})
            QVERIFY2(!parseCursor(bad), qPrintable(bad));
    }

    void configurationLeavesOutWhatIsTheContainersOwn()
    {
        Sandbox sandbox;
        sandbox.id = SandboxId::trusted(u"sb-1"_s);
        sandbox.config.image = u"base:1"_s;
        sandbox.config.secretNames = {u"TOKEN"_s};
        ContainerDetails container;
        container.id = u"0123456789abcdef"_s;
        container.labels = containerLabels(sandbox);
        container.labels.insert(u"team"_s, u"blue"_s);
        container.config = {
            {u"Image"_s, u"sandglass-snapshots:x"_s},
            {u"Hostname"_s, u"0123456789ab"_s},
            {u"Env"_s, QJsonArray{u"PATH=/bin"_s, u"TOKEN=secret"_s}},
        };
        const SandboxConfig config = configOf(container, sandbox);
        QCOMPARE(config.image, u"base:1"_s);
        QVERIFY(!config.container.contains(u"Image"_s));
        QVERIFY(!config.container.contains(u"Hostname"_s));
        QCOMPARE(config.environment(), QStringList{u"PATH=/bin"_s});
        QVERIFY(!config.toJson().contains("secret\""));
        QCOMPARE(config.container[u"Labels"_s].toObject().keys(), QStringList{u"team"_s});
    }

private:
    SandboxService sandboxes() { return {*m_database, *m_runner, m_clock}; }
    SnapshotService snapshots() { return {*m_database, *m_runner, *m_connections, m_clock}; }
    EngineService engines() { return {*m_database, *m_runner, *m_connections, m_clock}; }
    OperationService operations() { return {*m_database, *m_runner, m_clock}; }

    FakeClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<EngineConnections> m_connections;
    MemorySecretStore m_secrets;
    RegistryCredentials m_credentials{m_secrets, {}, {}};
    std::unique_ptr<RegistryAccess> m_registries;
    std::unique_ptr<OperationRunner> m_runner;
};

QTEST_GUILESS_MAIN(UseCasesTest)
#include "tst_usecases.moc"
