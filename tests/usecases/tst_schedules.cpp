#include "tests/support/auditrule.h"
#include "tests/support/fakeclock.h"
#include "tests/usecases/program.h"
#include "tests/usecases/snapshotstore.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace sandglass;
using namespace std::chrono_literals;

namespace {

const SandboxId sandboxOne = SandboxId::trusted(u"sb-1"_s);
const ScheduleName nightly = ScheduleName::trusted(u"nightly"_s);

} // namespace

/// Schedules over a store. No engine answers, so their snapshots stay "creating".
class SchedulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock.set(at(u"2026-06-01T12:00:00Z"_s));
        m_folder = std::make_unique<QTemporaryDir>();
        const QString file = m_folder->path() + u"/data/sandglass.db"_s;
        m_one = std::make_unique<Program>(file, m_clock);
        m_other = std::make_unique<Program>(file, m_clock);
        refuseUnauditedChanges(file);
        QVERIFY(addEngine(*m_one->database));
        QVERIFY(addSandbox(*m_one->database, sandboxOne));
    }

    void cleanup()
    {
        m_other.reset();
        m_one.reset();
    }

    void whatIsDueIsTakenOnce()
    {
        const auto put = m_one->schedules.put(schedule(), tester);
        QVERIFY2(put, put ? "" : qPrintable(put.error().summary()));
        QCOMPARE(put->nextRunAt, at(u"2026-06-02T00:30:00Z"_s)); // 02:30 in Berlin
        run();
        QCOMPARE(taken().size(), 0);
        m_clock.set(*put->nextRunAt);
        run();
        QCOMPARE(taken().size(), 1);
        const Snapshot snapshot = taken().first();
        QCOMPARE(snapshot.schedule, put->id);
        QCOMPARE(snapshot.tag, u"night-2026-06-02"_s);
        QCOMPARE(snapshot.ttlSeconds, 3'600);
        const auto after = m_one->schedules.find(team, nightly);
        QCOMPARE(after->nextRunAt, at(u"2026-06-03T00:30:00Z"_s));
        QCOMPARE(after->error, QString());
        QVERIFY(!after->takingAt);
    }

    void missedTimesAreCaughtUpOnce()
    {
        QVERIFY(m_one->schedules.put(schedule(), tester));
        m_clock.advance(24h * 10);
        run();
        QCOMPARE(taken().size(), 1);
        QCOMPARE(taken().first().tag, u"night-2026-06-11"_s);
    }

    void aClockThatStepsBackTakesNothingTwice()
    {
        QVERIFY(m_one->schedules.put(schedule(), tester));
        m_clock.advance(24h);
        run();
        m_clock.advance(-20h);
        run();
        m_clock.advance(20h);
        run();
        QCOMPARE(taken().size(), 1);
    }

    void daylightSavingTime()
    {
        m_clock.set(at(u"2026-03-28T12:00:00Z"_s));
        QVERIFY(m_one->schedules.put(schedule(), tester));
        // 02:30 is skipped: the first moment after the gap, 03:00 in Berlin.
        QCOMPARE(m_one->schedules.find(team, nightly)->nextRunAt, at(u"2026-03-29T01:00:00Z"_s));
        m_clock.set(at(u"2026-10-24T12:00:00Z"_s));
        run();
        const qsizetype before = taken().size();
        m_clock.set(at(u"2026-10-25T00:30:00Z"_s)); // 02:30, for the first time
        run();
        QCOMPARE(taken().size(), before + 1);
        m_clock.set(at(u"2026-10-25T01:30:00Z"_s)); // 02:30, for the second
        run();
        QCOMPARE(taken().size(), before + 1);
    }

    void expiredOnesGoFirst()
    {
        QVERIFY(m_one->settings.change(team, {{Setting::LargestSnapshotCount, 1}}, tester));
        Snapshot old;
        old.id = SnapshotId::trusted(u"snap-old"_s);
        old.sandbox = sandboxOne;
        old.namespaceName = team;
        old.ttlSeconds = 60;
        old.createdAt = m_clock.now();
        QVERIFY(addSnapshot(*m_one->database, old));
        QVERIFY(m_one->schedules.put(schedule(), tester));
        m_clock.advance(24h);
        run();
        QCOMPARE(m_one->snapshots.find(old.id)->status, SnapshotStatus::Deleting);
        QCOMPARE(taken().size(), 1); // there was a place for it
    }

    void whatDoesNotWorkIsSaid()
    {
        QVERIFY(m_one->settings.change(team, {{Setting::LargestSnapshotCount, 0}}, tester));
        QVERIFY(m_one->schedules.put(schedule(), tester));
        SnapshotSchedule labelled = schedule();
        labelled.name = ScheduleName::trusted(u"labelled"_s);
        labelled.sandbox = {};
        labelled.selector = u"team=nobody"_s;
        QVERIFY(m_one->schedules.put(labelled, tester));
        m_clock.advance(24h);
        run();
        QVERIFY(m_one->schedules.find(team, nightly)->error.contains(u"may have 0"_s));
        QVERIFY(
            m_one->schedules.find(team, labelled.name)->error.contains(u"No sandbox that runs"_s));
    }

    void pausedOnesRest()
    {
        SnapshotSchedule paused = schedule();
        paused.paused = true;
        QVERIFY(!m_one->schedules.put(paused, tester)->nextRunAt);
        m_clock.advance(24h * 3);
        run();
        QCOMPARE(taken().size(), 0);
        QVERIFY(m_one->schedules.put(schedule(), tester)->nextRunAt > m_clock.now());
        run();
        QCOMPARE(taken().size(), 0); // what was missed meanwhile was not wanted
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("cron");
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("sandbox");
        QTest::addColumn<ErrorKind>("kind");
        const QString good = u"30 2 * * *"_s;
        QTest::newRow("nonsense") << u"soon"_s << u"UTC"_s << u"sb-1"_s
                                  << ErrorKind::InvalidArgument;
        QTest::newRow("minute 60")
            << u"60 2 * * *"_s << u"UTC"_s << u"sb-1"_s << ErrorKind::InvalidArgument;
        QTest::newRow("never") << u"0 0 31 2 *"_s << u"UTC"_s << u"sb-1"_s
                               << ErrorKind::InvalidArgument;
        QTest::newRow("zone") << good << u"Mars/Olympus"_s << u"sb-1"_s
                              << ErrorKind::InvalidArgument;
        QTest::newRow("no sandbox") << good << u"UTC"_s << QString() << ErrorKind::InvalidArgument;
        QTest::newRow("unknown sandbox") << good << u"UTC"_s << u"sb-2"_s << ErrorKind::NotFound;
    }

    void refusals()
    {
        QFETCH(const QString, cron);
        QFETCH(const QString, zone);
        QFETCH(const QString, sandbox);
        QFETCH(const ErrorKind, kind);
        SnapshotSchedule bad = schedule();
        bad.cron = cron;
        bad.timeZone = zone;
        bad.sandbox = SandboxId::trusted(sandbox);
        QCOMPARE(m_one->schedules.put(bad, tester).error().kind, kind);
        QVERIFY(m_one->schedules.list({})->isEmpty());
    }

    void removedOnesAreGoneAndTheirSnapshotsStay()
    {
        QVERIFY(m_one->schedules.put(schedule(), tester));
        m_clock.advance(24h);
        run();
        QVERIFY(m_other->schedules.remove(team, nightly, tester));
        QCOMPARE(m_one->schedules.find(team, nightly).error().kind, ErrorKind::NotFound);
        QCOMPARE(m_one->schedules.remove(team, nightly, tester).error().kind, ErrorKind::NotFound);
        QCOMPARE(taken().size(), 1);
    }

private:
    static Timestamp at(const QString &text)
    {
        return fromMilliseconds(QDateTime::fromString(text, Qt::ISODate).toMSecsSinceEpoch());
    }

    static SnapshotSchedule schedule()
    {
        SnapshotSchedule made;
        made.namespaceName = team;
        made.name = nightly;
        made.sandbox = sandboxOne;
        made.cron = u"30 2 * * *"_s;
        made.timeZone = u"Europe/Berlin"_s;
        made.ttlSeconds = 3'600;
        made.tagPattern = u"night-{date}"_s;
        return made;
    }

    /// As both programs' timers do.
    void run()
    {
        QVERIFY(m_one->schedules.runDue({}));
        QVERIFY(m_other->schedules.runDue({}));
    }

    QList<Snapshot> taken()
    {
        QList<Snapshot> snapshots = m_one->snapshots.list({})->snapshots;
        snapshots.removeIf([](const Snapshot &snapshot) { return snapshot.schedule.isEmpty(); });
        return snapshots;
    }

    FakeClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Program> m_one;
    std::unique_ptr<Program> m_other;
};

QTEST_GUILESS_MAIN(SchedulesTest)
#include "tst_schedules.moc"
