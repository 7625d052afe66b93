#include "models/valuewords.h"
#include "tests/models/samples.h"
#include "ui/availability.h"
#include "ui/details.h"
#include "ui/dialogs/createsnapshotdialog.h"
#include "ui/planwords.h"
#include "ui/sandboxespage.h"

#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const QSet<EngineName> live{EngineName::trusted(u"local"_s)};

QString valueOf(const Details &details, const QString &name)
{
    for (const auto &[each, value] : details.rows) {
        if (each == name)
            return value;
    }
    return {};
}

} // namespace

class UiRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void onlyWhatRunsOnALiveEngineCanBeSnapshotted_data()
    {
        QTest::addColumn<SandboxStatus>("status");
        QTest::addColumn<bool>("isLive");
        QTest::addColumn<bool>("snapshot");
        QTest::addColumn<bool>("terminate");
        QTest::newRow("pending") << SandboxStatus::Pending << true << false << true;
        QTest::newRow("running") << SandboxStatus::Running << true << true << true;
        QTest::newRow("running, engine away") << SandboxStatus::Running << false << false << true;
        QTest::newRow("paused") << SandboxStatus::Paused << true << true << true;
        QTest::newRow("stopped") << SandboxStatus::Stopped << true << false << true;
        QTest::newRow("terminating") << SandboxStatus::Terminating << true << false << false;
        QTest::newRow("failed") << SandboxStatus::Failed << true << false << true;
        QTest::newRow("missing") << SandboxStatus::Missing << true << false << true;
    }
    void onlyWhatRunsOnALiveEngineCanBeSnapshotted()
    {
        QFETCH(SandboxStatus, status);
        QFETCH(bool, isLive);
        Sandbox sandbox = sample::sandbox(u"web"_s);
        sandbox.status = status;
        const QSet<EngineName> engines = isLive ? live : QSet<EngineName>();
        QTEST(forSnapshot({sandbox}, engines).isAvailable(), "snapshot");
        QTEST(forTerminate({sandbox}).isAvailable(), "terminate");
    }

    void nothingSelectedIsAReasonToo()
    {
        QVERIFY(!forSnapshot({}, live).isAvailable());
        QVERIFY(!forTerminate({}).isAvailable());
        QVERIFY(!forRestore({}, sample::now).isAvailable());
        QVERIFY(!forDelete({}, sample::now).isAvailable());
        QVERIFY(!forRetry({}).isAvailable());
        QVERIFY(!forCancel({}).isAvailable());
        QVERIFY(!forCopyError({}).isAvailable());
        QVERIFY(!forChange({}).isAvailable());
        QVERIFY(!forForget({}).isAvailable());
        QVERIFY(!forNewSandbox({}).isAvailable());
        QVERIFY(forNewSandbox(live).isAvailable());
    }

    void snapshotsAreRestoredAndDeletedByStatus_data()
    {
        QTest::addColumn<SnapshotStatus>("status");
        QTest::addColumn<bool>("restore");
        QTest::addColumn<bool>("remove");
        QTest::addColumn<bool>("retry");
        QTest::newRow("creating") << SnapshotStatus::Creating << false << false << false;
        QTest::newRow("active") << SnapshotStatus::Active << true << true << false;
        QTest::newRow("deleting") << SnapshotStatus::Deleting << false << false << false;
        QTest::newRow("failed") << SnapshotStatus::Failed << false << true << true;
    }
    void snapshotsAreRestoredAndDeletedByStatus()
    {
        QFETCH(SnapshotStatus, status);
        Snapshot snapshot = sample::snapshot(u"one"_s);
        snapshot.status = status;
        QTEST(forRestore({snapshot}, sample::now).isAvailable(), "restore");
        QTEST(forDelete({snapshot}, sample::now).isAvailable(), "remove");
        QTEST(forRetry({snapshot}).isAvailable(), "retry");
    }

    void withoutItsImageOnlyAnExpiredSnapshotIsRestored()
    {
        Snapshot gone = sample::snapshot(u"gone"_s);
        gone.locations.first().state = LocationState::Missing;
        QVERIFY(forRestore({gone}, sample::now).whyNot.contains(u"image is gone"_s));
        QVERIFY(forDelete({gone}, sample::now).isAvailable());
        const Details details = detailsOf(gone, u"web"_s, {}, sample::now);
        QCOMPARE(details.stateText, u"Image missing"_s);
        QCOMPARE(details.mark, StateMark::Warning);
        QVERIFY(details.problem.contains(u"image is gone"_s));

        Snapshot expired = sample::expiredSnapshot(u"old"_s);
        expired.locations.first().state = LocationState::Missing;
        QVERIFY(forRestore({expired}, sample::now).isAvailable());
    }

    void onlyThoseOfASelectionThatMayGoAreDeleted()
    {
        Snapshot creating = sample::snapshot(u"creating"_s);
        creating.status = SnapshotStatus::Creating;
        const Snapshot active = sample::snapshot(u"active"_s);
        QVERIFY(forDelete({creating, active}, sample::now).isAvailable());
        QCOMPARE(deletableOf({creating, active}, sample::now), QList<Snapshot>{active});
        QVERIFY(!forRestore({active, sample::snapshot(u"other"_s)}, sample::now).isAvailable());
    }

    void operationsAreCancelledOnceAndWhileTheyWork_data()
    {
        QTest::addColumn<OperationState>("state");
        QTest::addColumn<bool>("cancel");
        QTest::newRow("queued") << OperationState::Queued << true;
        QTest::newRow("running") << OperationState::Running << true;
        QTest::newRow("waiting") << OperationState::Waiting << true;
        QTest::newRow("undoing") << OperationState::Undoing << false;
        QTest::newRow("succeeded") << OperationState::Succeeded << false;
        QTest::newRow("failed") << OperationState::Failed << false;
        QTest::newRow("cancelled") << OperationState::Cancelled << false;
    }
    void operationsAreCancelledOnceAndWhileTheyWork()
    {
        QFETCH(OperationState, state);
        Operation operation = sample::runningOperation(u"1"_s);
        operation.state = state;
        QTEST(forCancel({operation}).isAvailable(), "cancel");
        operation.cancelRequested = true;
        QVERIFY(!forCancel({operation}).isAvailable());
    }

    void frozenTimeIsEstimatedFromWhatChanged()
    {
        QCOMPARE(frozenEstimate(0).count(), 0);
        QCOMPARE(frozenEstimate(-1).count(), 0);
        QCOMPARE(frozenEstimate(170LL * 1024 * 1024).count(), 1000);
        QCOMPARE(frozenEstimate(1700LL * 1024 * 1024).count(), 10'000);
    }

    void everyMountIsMissingFromASnapshot()
    {
        QCOMPARE(
            missingFromSnapshot(sample::configWithMounts()),
            (QStringList{
                u"/srv/project (read-only) from the host's /home/ann/project"_s,
                u"/var/lib/db on volume pgdata"_s,
                u"/tmp in memory (tmpfs)"_s,
                u"/var/cache on an anonymous volume"_s}));
        QCOMPARE(missingFromSnapshot({}), QStringList());
    }

    void detailsOfASandboxOfASilentEngineAreOfThePast()
    {
        const Details details = detailsOf(sample::sandbox(u"web"_s), false, 2);
        QVERIFY(details.stateText.startsWith(u"Unknown; was Running as of"_s));
        QCOMPARE(details.mark, StateMark::Unknown);
        QVERIFY(details.problem.contains(u"does not answer"_s));
        QCOMPARE(valueOf(details, u"Limits"_s), u"1.5 CPUs, 512.0 MiB of memory"_s);
        QCOMPARE(valueOf(details, u"Snapshots"_s), u"2"_s);
        QCOMPARE(valueOf(details, u"Command"_s), u"sleep infinity"_s);
    }

    void detailsOfASnapshotTellUntilWhen()
    {
        const Details details =
            detailsOf(sample::expiredSnapshot(u"old"_s), u"web"_s, {}, sample::now);
        QCOMPARE(details.stateText, u"Expired"_s);
        QVERIFY(valueOf(details, u"Expires"_s).contains(u"2 days ago"_s));
        QCOMPARE(valueOf(details, u"Sandbox"_s), u"web\nsb-web"_s);
    }

    void detailsOfASnapshotOfASilentEngineAreOfThePast()
    {
        const Timestamp seen = sample::now - std::chrono::minutes(40);
        const Details details = detailsOf(sample::snapshot(u"one"_s), u"web"_s, seen, sample::now);
        QVERIFY(details.stateText.startsWith(u"Unknown; was Active as of"_s));
        QCOMPARE(details.mark, StateMark::Unknown);
        QVERIFY(details.problem.contains(momentText(seen)));
    }

    void detailsOfAFailedSnapshotTellWhatWentWrongAndWhen()
    {
        Snapshot failed = sample::snapshot(u"one"_s);
        failed.status = SnapshotStatus::Failed;
        failed.error = u"No space is left: commit"_s;
        failed.changedAt = sample::now - std::chrono::minutes(90);
        const Details details = detailsOf(failed, u"web"_s, {}, sample::now);
        QCOMPARE(details.problem, failed.error);
        QCOMPARE(details.mark, StateMark::Failed);
        QCOMPARE(
            valueOf(details, u"State since"_s),
            u"%1 (1 hour ago)"_s.arg(momentText(failed.changedAt)));
    }

    void detailsOfAnOperationListItsSteps()
    {
        const Details details =
            detailsOf(sample::runningOperation(u"1"_s), u"snap-new"_s, sample::now);
        const QStringList steps = valueOf(details, u"Steps"_s).split(u'\n');
        QCOMPARE(steps.size(), 7);
        QVERIFY(steps.at(0).startsWith(u"✓ inspect sandbox"_s));
        QCOMPARE(steps.at(3), u"▸ commit"_s);
        QCOMPARE(steps.at(6), u"· inspect image"_s);
    }

    void aFailedCheckIsTheHindranceOfARestore()
    {
        Engine dead = sample::engine(u"local"_s);
        dead.state = EngineState::Unreachable;
        const Snapshot snapshot = sample::snapshot(u"one"_s);
        const auto plan = planRestore(snapshot, sample::now, {}, {dead}, {});
        QCOMPARE(hindranceOf(*plan), u"Engine local does not answer."_s);
        const auto good = planRestore(snapshot, sample::now, {}, {sample::engine(u"local"_s)}, {});
        QCOMPARE(hindranceOf(*good), QString());
        QVERIFY(planText(*good, snapshot).contains(u"snap-one"_s));
        const auto fresh = planRestore(
            sample::expiredSnapshot(u"old"_s), sample::now, {}, {sample::engine(u"local"_s)}, {});
        QVERIFY(planText(*fresh, snapshot).contains(u"fresh"_s));
        QCOMPARE(
            markOf(RestoreNotice{RestoreNotice::Kind::FilesystemLost, {}}), StateMark::Warning);
        QCOMPARE(markOf(RestoreNotice{RestoreNotice::Kind::SharedVolume, {}}), StateMark::Note);
    }

    void detailsOfAnEngineWarnOfAPortThatIsOpenToAll_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("tls");
        QTest::addColumn<bool>("warned");
        QTest::newRow("plain") << u"tcp://10.0.0.7:2375"_s << false << true;
        QTest::newRow("with TLS") << u"tcp://10.0.0.7:2376"_s << true << false;
        QTest::newRow("this machine") << u"tcp://127.0.0.1:2375"_s << false << false;
        QTest::newRow("socket") << u"unix:///run/docker.sock"_s << false << false;
    }
    void detailsOfAnEngineWarnOfAPortThatIsOpenToAll()
    {
        QFETCH(QString, address);
        QFETCH(bool, tls);
        Engine engine = sample::engine(u"lab"_s);
        engine.address = address;
        if (tls)
            engine.tls = TlsFiles{u"/etc/docker/ca.pem"_s, {}, {}};
        QTEST(detailsOf(engine, sample::now).problem.contains(u"neither encrypted"_s), "warned");
        engine.error = u"Nobody answers"_s;
        QVERIFY(detailsOf(engine, sample::now).problem.startsWith(u"Nobody answers"_s));
        QCOMPARE(
            valueOf(detailsOf(engine, sample::now), u"Authorities"_s),
            tls ? u"/etc/docker/ca.pem"_s : QString());
    }

    void helpWithoutAnEngineSaysHowToStartOneAndHowToBeAllowed()
    {
        Engine silent = sample::engine(u"local"_s);
        silent.state = EngineState::Unreachable;
        silent.error = u"Permission denied"_s;
        const QString help = engineHelp({silent}, sample::now);
        for (const QString &part :
             {u"unix:///var/run/docker.sock"_s,
              u"Permission denied"_s,
              u"start docker"_s,
              u"usermod -aG docker"_s})
            QVERIFY2(help.contains(part), qPrintable(part));
    }
};

QTEST_GUILESS_MAIN(UiRulesTest)
#include "tst_uirules.moc"
