#include "tests/operations/engineforwarder.h"
#include "tests/operations/servicerig.h"
#include "tests/support/engineaddress.h"
#include "tests/support/waitfor.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sandglass;
using namespace std::chrono_literals;

/// What happens behind our back on a real engine, and what the clock does.
class LiveTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_rig = std::make_unique<ServiceRig>(); }
    void cleanup()
    {
        m_rig.reset();
        m_forwarder.reset();
    }

    void restoreWithoutTheImageIsRefusedBeforeAnythingIsDone()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        const Snapshot snapshot = m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox.id, 0));
        const auto operations = m_rig->useCases().operations.list()->size();
        // At once: the events have not told yet.
        QVERIFY(m_rig->engine().removeImage(snapshot.imageReference));
        const auto refused = restore(snapshot.id);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QVERIFY(refused.error().detail.contains(snapshot.imageReference));
        QCOMPARE(m_rig->useCases().operations.list()->size(), operations);
        QCOMPARE(m_rig->useCases().sandboxes.list({})->size(), 1);
    }

    void imageThatComesBackIsFoundAgain()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        const Snapshot snapshot = m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox.id, 0));
        const QString tag = snapshot.imageReference.section(u':', 1);
        DockerClient &engine = m_rig->engine();
        QVERIFY(engine.tagImage(snapshot.imageReference, u"kept"_s, u"1"_s));
        QVERIFY(engine.removeImage(snapshot.imageReference));
        QVERIFY(waitFor([&] { return locationOf(snapshot.id) == LocationState::Missing; }));

        // Another image under its name is not it.
        QVERIFY(engine.tagImage(sandbox.config.image, u"sandglass-snapshots"_s, tag));
        QCOMPARE(restore(snapshot.id).error().kind, ErrorKind::Conflict);
        QCOMPARE(locationOf(snapshot.id), LocationState::Missing);

        QVERIFY(engine.tagImage(u"kept:1"_s, u"sandglass-snapshots"_s, tag));
        QVERIFY(waitFor([&] { return locationOf(snapshot.id) == LocationState::Present; }));
        QVERIFY(restore(snapshot.id));
        QVERIFY(waitFor([&] { return m_rig->useCases().operations.list(0)->isEmpty(); }));
    }

    void everythingIsLookedAtAgainWhenTheClockJumps()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        for (const auto step : {8h, -3h}) {
            m_rig->clock().advance(step);
            const Timestamp now = m_rig->clock().now();
            QVERIFY(waitFor([&] { return m_rig->sandbox(sandbox.id).confirmedAt == now; }));
        }
    }

    void clockStepsExpireAndEndNothingEarly()
    {
        CreateSandboxRequest request = ServiceRig::sandboxRequest();
        request.timeoutSeconds = 30;
        const Sandbox sandbox = m_rig->makeSandbox(request);
        const Snapshot snapshot = m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox.id, 60));
        m_rig->clock().advance(-3h);
        const Timestamp back = m_rig->clock().now();
        QVERIFY(waitFor([&] { return m_rig->sandbox(sandbox.id).confirmedAt == back; }));
        QVERIFY(!isExpired(m_rig->snapshot(snapshot.id), back));
        QCOMPARE(m_rig->sandbox(sandbox.id).status, SandboxStatus::Running);
        // Work that is asked for now goes on as ever.
        (void)m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox.id, 60));

        m_rig->clock().advance(3h + 60s);
        QVERIFY(isExpired(m_rig->snapshot(snapshot.id), m_rig->clock().now()));
        QVERIFY(waitFor(
            [&] { return m_rig->sandbox(sandbox.id).status == SandboxStatus::Terminated; }, 15s));
    }

    /// The rig's clock is years from the engine's own.
    void ageCountsFromOurClockNotFromTheEngines()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        const Snapshot snapshot = m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox.id, 60));
        QCOMPARE(snapshot.createdAt, m_rig->clock().now());
        QVERIFY(!isExpired(snapshot, m_rig->clock().now() + 59s));
        QVERIFY(isExpired(snapshot, m_rig->clock().now() + 60s));
        QCOMPARE(expiryOf(snapshot), m_rig->clock().now() + 60s);
    }

    void whatVanishedWhileNobodyListenedIsFoundAtTheReconnection()
    {
        openThroughForwarder();
        const Sandbox sandbox = m_rig->makeSandbox();
        const Snapshot snapshot = m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox.id, 0));
        m_forwarder->cut();
        QVERIFY(waitFor([&] { return engineState() == EngineState::Unreachable; }, 15s));
        QVERIFY(m_rig->engine().removeImage(snapshot.imageReference));
        QVERIFY(m_rig->engine().removeContainer(sandbox.containerId));
        m_forwarder->resume();
        QVERIFY(waitFor([&] { return locationOf(snapshot.id) == LocationState::Missing; }, 30s));
        QCOMPARE(m_rig->sandbox(sandbox.id).status, SandboxStatus::Missing);
    }

    void engineThatRefusesItsEventsIsLookedAtNowAndThen()
    {
        openThroughForwarder();
        const Sandbox sandbox = m_rig->makeSandbox();
        m_forwarder->refuseEvents();
        const int before = m_forwarder->eventRequests();
        QElapsedTimer elapsed;
        elapsed.start();
        m_forwarder->cut();
        m_forwarder->resume();
        QVERIFY(waitFor([&] { return m_forwarder->eventRequests() >= before + 3; }, 30s));
        QVERIFY2(elapsed.elapsed() > 2'500, qPrintable(QString::number(elapsed.elapsed())));
        QVERIFY(m_rig->engine().removeContainer(sandbox.containerId));
        QVERIFY(waitFor(
            [&] { return m_rig->sandbox(sandbox.id).status == SandboxStatus::Missing; }, 30s));
    }

    void everythingIsLookedAtAgainWhenTheLeaseIsBack()
    {
        openThroughForwarder();
        const Sandbox sandbox = m_rig->makeSandbox();
        QVERIFY(waitFor([&] { return m_forwarder->eventStreams() == 1; }));
        QVERIFY(m_rig->giveLeaseTo(u"another"_s));
        QVERIFY(waitFor([&] { return m_forwarder->eventStreams() == 0; }, 15s));
        QVERIFY(m_rig->engine().removeContainer(sandbox.containerId));
        QVERIFY(m_rig->giveLeaseTo(u""_s));
        QVERIFY(waitFor(
            [&] { return m_rig->sandbox(sandbox.id).status == SandboxStatus::Missing; }, 15s));
    }

private:
    void openThroughForwarder()
    {
        m_rig.reset();
        m_forwarder = std::make_unique<EngineForwarder>(testEngineAddress(TestEngine::A));
        m_rig = std::make_unique<ServiceRig>(m_forwarder->address());
    }

    EngineState engineState() { return m_rig->useCases().engines.list()->first().state; }

    Result<StartedRestore> restore(const SnapshotId &id)
    {
        RestoreRequest request;
        request.namespaceName = ServiceRig::space();
        request.snapshot = id;
        request.caller = ServiceRig::caller();
        return m_rig->useCases().snapshots.restore(request);
    }

    LocationState locationOf(const SnapshotId &id)
    {
        return m_rig->snapshot(id).locations.first().state;
    }

    std::unique_ptr<EngineForwarder> m_forwarder;
    std::unique_ptr<ServiceRig> m_rig;
};

QTEST_GUILESS_MAIN(LiveTest)
#include "tst_live.moc"
