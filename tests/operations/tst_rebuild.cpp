#include "services/storage/sandboxrepository.h"
#include "tests/operations/servicerig.h"
#include "tests/support/waitfor.h"

#include <QTest>

using namespace sandglass;
using namespace std::chrono_literals;

namespace {

/// A sandbox without what tells of the row itself, and of when the engine was last asked.
Sandbox comparable(Sandbox sandbox)
{
    sandbox.changedAt = sandbox.confirmedAt = {};
    sandbox.changeSeq = 0;
    return sandbox;
}

/// A snapshot without what tells of the row itself, and without how long its sandbox stood still:
/// that is known only after the image is made.
Snapshot comparable(Snapshot snapshot)
{
    snapshot.changedAt = {};
    snapshot.frozenMilliseconds.reset();
    snapshot.changeSeq = 0;
    for (Location &location : snapshot.locations)
        location.changedAt = location.checkedAt = {};
    return snapshot;
}

} // namespace

/// The database is lost, and comes back from a real engine.
class RebuildTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_rig = std::make_unique<ServiceRig>(); }
    void cleanup() { m_rig.reset(); }

    void everythingComesBack()
    {
        CreateSandboxRequest request = ServiceRig::sandboxRequest();
        request.displayName = u"Käse \"1\" $HOME"_s;
        request.cpus = 0.5;
        request.memoryMegabytes = 64;
        request.timeoutSeconds = 86'400;
        request.secretNames = {u"TOKEN"_s};
        const Sandbox first = m_rig->makeSandbox(request);
        m_rig->clock().advance(90min);
        CreateSnapshotRequest wanted = ServiceRig::snapshotRequest(first.id, 7200);
        wanted.tag = u"golden"_s;
        wanted.note = u"before\nthe \"upgrade\" \\ $PATH ü"_s;
        wanted.pause = PauseDuringCommit::No;
        QCOMPARE(m_rig->run(first.containerId, u"echo kept > /file"_s), QByteArray());
        const Snapshot tagged = m_rig->makeSnapshot(wanted);
        const Sandbox second = m_rig->restore(tagged.id);
        const Snapshot child = m_rig->makeSnapshot(ServiceRig::snapshotRequest(second.id, 0));
        QCOMPARE(child.parent, tagged.id);
        const Sandbox third = m_rig->makeSandbox();
        const Snapshot orphan = m_rig->makeSnapshot(ServiceRig::snapshotRequest(third.id, 60));
        m_rig->terminate(third.id);
        QVERIFY(m_rig->engine().killContainer(second.containerId, u"KILL"_s));
        QVERIFY(
            waitFor([&] { return m_rig->sandbox(second.id).status == SandboxStatus::Stopped; }));
        QList<Sandbox> sandboxes;
        QList<Snapshot> snapshots;
        for (const SandboxId &id : {first.id, second.id})
            sandboxes.append(comparable(m_rig->sandbox(id)));
        for (const SnapshotId &id : {tagged.id, child.id, orphan.id})
            snapshots.append(comparable(m_rig->snapshot(id)));

        m_rig->removeDatabase();
        m_rig->open();
        QVERIFY(m_rig->useCases().sandboxes.list({})->isEmpty());
        const EngineRebuild report = rebuilt();
        QVERIFY2(!report.error, report.error ? qPrintable(report.error->summary()) : "");
        QCOMPARE(report.sandboxes.size(), 2);
        QCOMPARE(report.snapshots.size(), 3);
        QCOMPARE(report.skipped.size(), 0);

        for (const Sandbox &sandbox : std::as_const(sandboxes))
            QCOMPARE(comparable(m_rig->sandbox(sandbox.id)), sandbox);
        for (const Snapshot &snapshot : std::as_const(snapshots))
            QCOMPARE(comparable(m_rig->snapshot(snapshot.id)), snapshot);
        // The sandbox that was terminated is so again, for the snapshot that it left.
        const Sandbox gone = m_rig->sandbox(third.id);
        QCOMPARE(gone.status, SandboxStatus::Terminated);
        QCOMPARE(gone.createdAt, third.createdAt);
        QCOMPARE(gone.namespaceName, third.namespaceName);

        // What came back works.
        const Sandbox restored = m_rig->restore(tagged.id);
        QCOMPARE(m_rig->run(restored.containerId, u"cat /file"_s), QByteArray("kept\n"));
        m_rig->clock().advance(61s);
        QVERIFY(isExpired(m_rig->snapshot(orphan.id), m_rig->clock().now()));
    }

    void rowsThatExistStayAsTheyAre()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        const Snapshot snapshot = m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox.id, 60));
        QVERIFY(m_rig->database().write([&](Session &session) -> Done {
            SandboxRepository sandboxes(session);
            SANDGLASS_TRY(Sandbox changed, sandboxes.find(sandbox.id));
            changed.displayName = u"renamed"_s;
            return sandboxes.save(changed);
        }));
        const EngineRebuild report = rebuilt();
        QCOMPARE(report.known, 2);
        QVERIFY(report.sandboxes.isEmpty() && report.snapshots.isEmpty());
        QCOMPARE(m_rig->sandbox(sandbox.id).displayName, u"renamed"_s);
        QCOMPARE(m_rig->snapshot(snapshot.id), snapshot);
    }

    void whatOnlyLooksLikeOursIsLeftAlone()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        const Snapshot snapshot = m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox.id, 60));
        // Another name for the image, and an image that others made of ours.
        DockerClient &engine = m_rig->engine();
        CommitRequest commit;
        commit.containerId = sandbox.containerId;
        commit.repository = u"theirs"_s;
        commit.tag = u"1"_s;
        commit.labels = {{label::snapshotId, u"snap-../../x"_s}};
        QVERIFY(engine.commit(commit));
        // One with the right name, and labels that make no sense.
        const SnapshotId forged = SnapshotId::generate();
        commit.repository = u"sandglass-snapshots"_s;
        commit.tag = sandbox.id.text() + u'-' + forged.text();
        commit.labels = engine.inspectImage(snapshot.imageReference)->labels;
        commit.labels.insert(label::snapshotId, forged.text());
        commit.labels.insert(label::snapshotConfig, u"{\"image\": 1}"_s);
        QVERIFY(engine.commit(commit));
        const QString copy = m_rig->makeForeignContainer(
            u"copy"_s,
            {{u"Labels"_s, QJsonObject{{QString(label::sandboxId), sandbox.id.text()}}}});

        m_rig->removeDatabase();
        m_rig->open();
        const EngineRebuild report = rebuilt();
        QCOMPARE(report.sandboxes, QList{sandbox.id});
        QCOMPARE(report.snapshots, QList{snapshot.id});
        QCOMPARE(report.skipped.size(), 3);
        for (const EngineRebuild::Skipped &skipped : report.skipped)
            QVERIFY(!skipped.reason.isEmpty());
        QVERIFY(engine.inspectContainer(copy)->running);
        QVERIFY(engine.inspectImage(u"theirs:1"_s));
    }

    void engineThatDoesNotAnswerIsToldAndHoldsUpNobody()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        m_rig->removeDatabase();
        m_rig->open();
        QVERIFY(m_rig->useCases().engines.add(
            EngineName::trusted(u"dead"_s),
            EngineAddress::parse(u"unix:///nonexistent/engine.sock"_s).value(),
            ServiceRig::caller()));
        const auto reports = m_rig->useCases().rebuild.rebuild(ServiceRig::caller());
        QVERIFY(reports);
        QCOMPARE(reports->size(), 2);
        QCOMPARE(reports->first().error->kind, ErrorKind::Unreachable);
        QCOMPARE(reports->last().sandboxes, QList{sandbox.id});
    }

private:
    /// Of the rig's engine.
    EngineRebuild rebuilt()
    {
        const auto reports = m_rig->useCases().rebuild.rebuild(ServiceRig::caller());
        return reports ? reports->first() : EngineRebuild{{}, reports.error(), 0, {}, {}, {}};
    }

    std::unique_ptr<ServiceRig> m_rig;
};

QTEST_GUILESS_MAIN(RebuildTest)
#include "tst_rebuild.moc"
