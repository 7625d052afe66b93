#include "app/appcontext.h"
#include "tests/support/auditrule.h"
#include "tests/support/engineaddress.h"
#include "tests/support/fakeclock.h"
#include "tests/support/waitfor.h"

#include <QTemporaryDir>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const Caller tester{u"tester"_s, u"test"_s, {}};
const NamespaceName testNamespace = NamespaceName::trusted(u"default"_s);
const QString baseImage = u"sandbox-base:busybox"_s;

} // namespace

/// The services together, on a real engine, with a clock of the test's.
class OperationsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_address = EngineAddress::parse(testEngineAddress(TestEngine::A)).value();
        m_clock = std::make_unique<FakeClock>();
        const auto database = AppContext::openDatabase(dataDirectory(), *m_clock);
        QVERIFY2(database, database ? "" : qPrintable(database.error().summary()));
        refuseUnauditedChanges((*database)->file());
        open();
        m_engine = DockerClient::connect(m_address).value();
        QVERIFY(waitFor([this] {
            return m_context->useCases().engines.list()->first().state == EngineState::Connected;
        }));
    }

    void cleanup()
    {
        if (!m_context)
            open();
        for (const Sandbox &sandbox :
             m_context->useCases().sandboxes.list({}).value_or(QList<Sandbox>())) {
            if (!sandbox.containerId.isEmpty() && m_engine->inspectContainer(sandbox.containerId))
                QVERIFY(m_engine->removeContainer(sandbox.containerId));
        }
        m_context.reset();
        // A child image keeps its parent: those that go make way for the next round.
        QVERIFY(waitFor([this] {
            const auto images = m_engine->images({QString(label::snapshotId)}).value();
            for (const ImageSummary &image : images) {
                const auto removed = m_engine->removeImage(image.id);
                if (!removed)
                    qInfo() << removed.error().summary();
            }
            return images.isEmpty();
        }));
        m_engine.reset();
    }

    void snapshotIsTakenRestoredAndDeleted()
    {
        const Sandbox sandbox = runningSandbox();
        run(sandbox, u"echo kept > /file"_s);
        const Snapshot snapshot = activeSnapshot(sandbox, 3600);
        QCOMPARE(snapshot.locations.size(), 1);
        QCOMPARE(snapshot.locations.first().state, LocationState::Present);
        QVERIFY(*snapshot.sizeBytes > 0);
        QVERIFY(snapshot.frozenMilliseconds);
        QCOMPARE(m_engine->inspectContainer(sandbox.containerId)->paused, false);
        run(sandbox, u"rm /file"_s);

        const Sandbox restored = restoredSandbox(snapshot, ForceRestore::No, true, false);
        QCOMPARE(run(restored, u"cat /file"_s), QByteArray("kept\n"));

        // Its image is in use: the deletion waits, and says for what.
        const OperationId deletion = m_context->useCases()
                                         .snapshots.remove({testNamespace, snapshot.id, tester})
                                         ->operation.value();
        QVERIFY(waitFor([&] { return operation(deletion).state == OperationState::Waiting; }));
        QVERIFY(
            m_context->useCases().snapshots.find(snapshot.id)->error.contains(restored.id.text()));
        terminate(restored);
        QVERIFY(waitFor([&] { return isFinished(operation(deletion).state); }));
        QCOMPARE(operation(deletion).state, OperationState::Succeeded);
        QCOMPARE(
            m_context->useCases().snapshots.find(snapshot.id).error().kind, ErrorKind::NotFound);
        QCOMPARE(m_engine->inspectImage(snapshot.imageReference).error().kind, ErrorKind::NotFound);
        terminate(sandbox);
    }

    void expiredSnapshotGivesAFreshSandboxUnlessForced()
    {
        const Sandbox sandbox = runningSandbox();
        run(sandbox, u"echo kept > /file"_s);
        const Snapshot snapshot = activeSnapshot(sandbox, 60);
        m_clock->advance(60s);

        const Sandbox fresh = restoredSandbox(snapshot, ForceRestore::No, false, true);
        QCOMPARE(run(fresh, u"cat /file 2>/dev/null"_s), QByteArray());
        QCOMPARE(fresh.restoredFrom, SnapshotId());

        const Sandbox forced = restoredSandbox(snapshot, ForceRestore::Yes, true, true);
        QCOMPARE(run(forced, u"cat /file"_s), QByteArray("kept\n"));
        QCOMPARE(forced.restoredFrom, snapshot.id);
    }

    void restoredSandboxNeverInheritsIdentity()
    {
        const Sandbox sandbox = runningSandbox();
        const Snapshot snapshot = activeSnapshot(sandbox, 0);
        const Labels onImage = m_engine->inspectImage(snapshot.imageReference)->labels;
        QCOMPARE(onImage.value(label::sandboxId), QString());
        QCOMPARE(onImage.value(label::snapshotId), snapshot.id.text());
        const Sandbox restored = restoredSandbox(snapshot, ForceRestore::No, true, false);
        const Labels onContainer = m_engine->inspectContainer(restored.containerId)->labels;
        QCOMPARE(onContainer.value(label::sandboxId), restored.id.text());
        QCOMPARE(onContainer.value(label::snapshotId), QString());
        QCOMPARE(restored.config.image, baseImage);

        // A snapshot of the restored one knows its lineage and the original image.
        const Snapshot second = activeSnapshot(restored, 0);
        QCOMPARE(second.parent, snapshot.id);
        QCOMPARE(second.config.image, baseImage);
    }

    void whatOthersPausedStaysPaused()
    {
        const Sandbox sandbox = runningSandbox();
        QVERIFY(m_engine->pauseContainer(sandbox.containerId));
        const Snapshot snapshot = activeSnapshot(sandbox, 0);
        QVERIFY(!snapshot.frozenMilliseconds);
        QVERIFY(m_engine->inspectContainer(sandbox.containerId)->paused);
    }

    void snapshotOfAStoppedSandboxIsRefused()
    {
        const Sandbox sandbox = runningSandbox();
        QVERIFY(m_engine->killContainer(sandbox.containerId, u"KILL"_s));
        QVERIFY(waitFor([&] { return !m_engine->inspectContainer(sandbox.containerId)->running; }));
        const auto refused = m_context->useCases().snapshots.create(snapshotRequest(sandbox, 0));
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QVERIFY(m_context->useCases().snapshots.list({})->snapshots.isEmpty());
    }

    void limitCountsWhatIsBeingCreated()
    {
        const Sandbox sandbox = runningSandbox();
        QVERIFY(m_context->useCases().settings.change(
            testNamespace, {{Setting::LargestSnapshotCount, 2}}, tester));
        UseCases useCases = m_context->useCases();
        QVERIFY(useCases.snapshots.create(snapshotRequest(sandbox, 0)));
        QVERIFY(useCases.snapshots.create(snapshotRequest(sandbox, 0)));
        QCOMPARE(
            useCases.snapshots.create(snapshotRequest(sandbox, 0)).error().kind,
            ErrorKind::LimitReached);
        QVERIFY(waitFor([&] { return useCases.operations.list(0)->isEmpty(); }));
    }

    void repeatedRequestGivesTheFirstAnswer()
    {
        const Sandbox sandbox = runningSandbox();
        UseCases useCases = m_context->useCases();
        CreateSnapshotRequest request = snapshotRequest(sandbox, 0);
        request.idempotencyKey = u"once"_s;
        const auto first = useCases.snapshots.create(request);
        const auto second = useCases.snapshots.create(request);
        QCOMPARE(second->snapshot, first->snapshot);
        request.ttlSeconds = 5;
        QCOMPARE(useCases.snapshots.create(request).error().kind, ErrorKind::Conflict);
        QCOMPARE(useCases.snapshots.list({})->snapshots.size(), 1);
        QVERIFY(waitFor([&] { return useCases.operations.list(0)->isEmpty(); }));
    }

    void missingImageFailsTheSandboxInWords()
    {
        UseCases useCases = m_context->useCases();
        CreateSandboxRequest request;
        request.namespaceName = testNamespace;
        request.image = u"no-such-image:1"_s;
        request.caller = tester;
        const auto started = useCases.sandboxes.create(request);
        QVERIFY(started);
        QVERIFY(waitFor([&] { return isFinished(operation(started->operation).state); }));
        QCOMPARE(operation(started->operation).state, OperationState::Failed);
        const Sandbox failed = useCases.sandboxes.find(started->sandbox).value();
        QCOMPARE(failed.status, SandboxStatus::Failed);
        QVERIFY(failed.error.contains(u"no-such-image:1"_s));
    }

    void cancelledCommitLeavesNothingBehind()
    {
        const Sandbox sandbox = runningSandbox();
        run(sandbox, u"dd if=/dev/zero of=/big bs=1048576 count=300"_s);
        UseCases useCases = m_context->useCases();
        const auto started = useCases.snapshots.create(snapshotRequest(sandbox, 0));
        QVERIFY(
            waitFor([&] { return operation(started->operation).currentStep() == u"commit"_s; }));
        QVERIFY(useCases.operations.cancel(started->operation, tester));
        QVERIFY(
            waitFor([&] { return !m_engine->inspectContainer(sandbox.containerId)->paused; }, 2s));
        QVERIFY(waitFor([&] { return isFinished(operation(started->operation).state); }, 30s));
        QCOMPARE(operation(started->operation).state, OperationState::Cancelled);
        QCOMPARE(useCases.snapshots.find(started->snapshot)->status, SnapshotStatus::Failed);
        QCOMPARE(m_engine->images({QString(label::snapshotId)})->size(), 0);
    }

    void stopInMidCommitGoesOnAtTheNextStart()
    {
        const Sandbox sandbox = runningSandbox();
        run(sandbox, u"dd if=/dev/zero of=/big bs=1048576 count=300"_s);
        const auto started = m_context->useCases().snapshots.create(snapshotRequest(sandbox, 0));
        QVERIFY(
            waitFor([&] { return operation(started->operation).currentStep() == u"commit"_s; }));
        m_context.reset();
        QCOMPARE(m_engine->inspectContainer(sandbox.containerId)->paused, false);
        open();
        QVERIFY(waitFor([&] { return isFinished(operation(started->operation).state); }, 30s));
        QCOMPARE(operation(started->operation).state, OperationState::Succeeded);
        // The first commit went on in the engine; what it leaves is swept when it ends.
        QVERIFY(
            waitFor([&] { return m_engine->images({QString(label::snapshotId)})->size() == 1; }));
        const QString reference = snapshotNow(started->snapshot).imageReference;
        QVERIFY(m_engine->inspectImage(reference));
        QCOMPARE(m_engine->inspectContainer(sandbox.containerId)->paused, false);
    }

    void whatVanishedIsShownAsMissing()
    {
        const Sandbox sandbox = runningSandbox();
        const Snapshot snapshot = activeSnapshot(sandbox, 0);
        UseCases useCases = m_context->useCases();
        QVERIFY(m_engine->removeImage(snapshot.imageReference));
        QVERIFY(waitFor([&] {
            return useCases.snapshots.find(snapshot.id)->locations.first().state
                == LocationState::Missing;
        }));
        const auto refused =
            useCases.snapshots.restore({testNamespace, snapshot.id, {}, {}, {}, {}, tester});
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QVERIFY(m_engine->removeContainer(sandbox.containerId));
        QVERIFY(waitFor(
            [&] { return useCases.sandboxes.find(sandbox.id)->status == SandboxStatus::Missing; }));
    }

    void changedAddressIsAuditedWhoeverChangesIt()
    {
        const QString before = m_address.text();
        const QString nowhere = u"unix:///nonexistent/engine.sock"_s;
        const auto newestChange = [this] {
            const auto audit = m_context->useCases().audit.list({});
            for (const AuditRecord &record : audit->records) {
                if (record.entry.action == u"change_engine"_s)
                    return record.entry.result;
            }
            return QString();
        };
        m_context.reset();
        m_address = EngineAddress::parse(nowhere).value();
        open();
        QCOMPARE(newestChange(), u"from %1 to %2"_s.arg(before, nowhere));
        const auto back = EngineAddress::parse(before).value();
        QVERIFY(
            m_context->useCases().engines.change(EngineName::trusted(u"local"_s), back, tester));
        QCOMPARE(newestChange(), u"from %1 to %2"_s.arg(nowhere, before));
    }

    void sandboxEndsAtItsTimeout()
    {
        CreateSandboxRequest request = sandboxRequest();
        request.timeoutSeconds = 30;
        const Sandbox sandbox = runningSandbox(request);
        m_clock->advance(30s);
        QVERIFY(waitFor(
            [&] {
                return m_context->useCases().sandboxes.find(sandbox.id)->status
                    == SandboxStatus::Terminated;
            },
            15s));
        QCOMPARE(m_engine->inspectContainer(sandbox.containerId).error().kind, ErrorKind::NotFound);
    }

private:
    void open()
    {
        StartOptions options;
        options.dataDirectory = dataDirectory();
        options.engines = {{EngineName::trusted(u"local"_s), m_address}};
        auto context = AppContext::create(options, *m_clock);
        QVERIFY2(context, context ? "" : qPrintable(context.error().summary()));
        m_context = std::move(*context);
    }

    QString dataDirectory() const { return m_folder->path() + u"/data"_s; }

    static CreateSandboxRequest sandboxRequest()
    {
        CreateSandboxRequest request;
        request.namespaceName = testNamespace;
        request.image = baseImage;
        request.networkMode = u"none"_s;
        request.caller = tester;
        return request;
    }

    static CreateSnapshotRequest snapshotRequest(const Sandbox &sandbox, qint64 ttl)
    {
        CreateSnapshotRequest request;
        request.namespaceName = testNamespace;
        request.sandbox = sandbox.id;
        request.ttlSeconds = ttl;
        request.caller = tester;
        return request;
    }

    Snapshot snapshotNow(const SnapshotId &id)
    {
        return m_context->useCases().snapshots.find(id).value();
    }
    Operation operation(const OperationId &id)
    {
        return m_context->useCases().operations.find(id).value();
    }

    Sandbox runningSandbox(const CreateSandboxRequest &request = sandboxRequest())
    {
        const auto started = m_context->useCases().sandboxes.create(request);
        return waitForSandbox(started.value().sandbox);
    }

    Sandbox waitForSandbox(const SandboxId &id)
    {
        const bool settled = waitFor([&] {
            return m_context->useCases().sandboxes.find(id)->status != SandboxStatus::Pending;
        });
        const Sandbox sandbox = m_context->useCases().sandboxes.find(id).value();
        if (!settled || sandbox.status != SandboxStatus::Running)
            qWarning() << "sandbox" << nameOf(sandbox.status) << sandbox.error;
        return sandbox;
    }

    Snapshot activeSnapshot(const Sandbox &sandbox, qint64 ttl)
    {
        UseCases useCases = m_context->useCases();
        const auto started = useCases.snapshots.create(snapshotRequest(sandbox, ttl));
        const SnapshotId id = started.value().snapshot;
        const bool settled = waitFor(
            [&] { return useCases.snapshots.find(id)->status != SnapshotStatus::Creating; });
        const Snapshot snapshot = useCases.snapshots.find(id).value();
        if (!settled || snapshot.status != SnapshotStatus::Active)
            qWarning() << "snapshot" << nameOf(snapshot.status) << snapshot.error;
        return snapshot;
    }

    Sandbox restoredSandbox(
        const Snapshot &snapshot, ForceRestore force, bool fromSnapshot, bool ttlExpired)
    {
        RestoreRequest request;
        request.namespaceName = testNamespace;
        request.snapshot = snapshot.id;
        request.wish.force = force;
        request.reason = u"test"_s;
        request.caller = tester;
        const auto started = m_context->useCases().snapshots.restore(request);
        [&] {
            QVERIFY2(started, started ? "" : qPrintable(started.error().summary()));
            QCOMPARE(started->restoredFromSnapshot, fromSnapshot);
            QCOMPARE(started->ttlExpired, ttlExpired);
        }();
        return waitForSandbox(started.value().sandbox);
    }

    void terminate(const Sandbox &sandbox)
    {
        const auto started =
            m_context->useCases().sandboxes.terminate(testNamespace, sandbox.id, tester);
        QVERIFY(started);
        QVERIFY(waitFor([&] { return isFinished(operation(*started).state); }));
        QCOMPARE(m_engine->inspectContainer(sandbox.containerId).error().kind, ErrorKind::NotFound);
    }

    QByteArray run(const Sandbox &sandbox, const QString &shellCommand)
    {
        const auto ran = m_engine->exec(sandbox.containerId, {u"/bin/sh"_s, u"-c"_s, shellCommand});
        if (!ran)
            qWarning() << ran.error().summary();
        return ran ? ran->standardOutput : QByteArray("exec failed");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    EngineAddress m_address;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<AppContext> m_context;
    std::unique_ptr<DockerClient> m_engine;
};

QTEST_GUILESS_MAIN(OperationsTest)
#include "tst_operations.moc"
