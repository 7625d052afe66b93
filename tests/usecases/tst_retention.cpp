#include "tests/support/auditrule.h"
#include "tests/support/fakeclock.h"
#include "tests/usecases/program.h"
#include "tests/usecases/snapshotstore.h"

#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace sandglass;
using namespace std::chrono_literals;

namespace {

const SandboxId sandboxOne = SandboxId::trusted(u"sb-1"_s);

} // namespace

class RetentionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock.set(fromMilliseconds(1'700'000'000'000));
        m_folder = std::make_unique<QTemporaryDir>();
        const QString file = m_folder->path() + u"/data/sandglass.db"_s;
        m_program = std::make_unique<Program>(file, m_clock);
        refuseUnauditedChanges(file);
        QVERIFY(addEngine(*m_program->database));
        QVERIFY(addSandbox(*m_program->database, sandboxOne));
        m_first = take(u"snap-first"_s, 60);
        m_second = take(u"snap-second"_s, 60);
    }

    void cleanup() { m_program.reset(); }

    void ttlChangesForMany()
    {
        QVERIFY(retention().changeTtl(team, {m_first, m_second}, 3'600, tester));
        QCOMPARE(find(m_first).ttlSeconds, 3'600);
        QCOMPARE(find(m_second).ttlSeconds, 3'600);
        m_clock.advance(59min);
        QVERIFY(!isExpired(find(m_first), m_clock.now()));
        QVERIFY(retention().changeTtl(team, {m_first}, 60, tester));
        QVERIFY(isExpired(find(m_first), m_clock.now()));
        QVERIFY(retention().changeTtl(team, {m_first}, 0, tester));
        QVERIFY(!expiryOf(find(m_first)));
    }

    void ttlRefusals()
    {
        const auto kind = [&](const Done &done) {
            return done ? ErrorKind::Internal : done.error().kind;
        };
        const qint64 beyond = std::numeric_limits<qint64>::max();
        QCOMPARE(
            kind(retention().changeTtl(team, {m_first}, -1, tester)), ErrorKind::InvalidArgument);
        QCOMPARE(
            kind(retention().changeTtl(team, {m_first}, beyond, tester)),
            ErrorKind::InvalidArgument);
        QCOMPARE(kind(retention().changeTtl(team, {}, 1, tester)), ErrorKind::InvalidArgument);
        const NamespaceName other = NamespaceName::trusted(u"other"_s);
        QCOMPARE(kind(retention().changeTtl(other, {m_first}, 1, tester)), ErrorKind::NotFound);
        QVERIFY(m_program->snapshots.remove({team, m_second, tester}));
        QCOMPARE(
            kind(retention().changeTtl(team, {m_first, m_second}, 1, tester)), ErrorKind::Conflict);
        QCOMPARE(find(m_first).ttlSeconds, 60); // all or none
    }

    void pinHolds()
    {
        const Timestamp until = m_clock.now() + 10min;
        QVERIFY(retention().pin(team, {m_first}, u"before the release"_s, until, tester));
        const SnapshotPin pin = find(m_first).pin.value();
        QCOMPARE(pin.reason, u"before the release"_s);
        QCOMPARE(pin.by, tester.text());
        QCOMPARE(pin.until, until);
        QCOMPARE(
            m_program->snapshots.remove({team, m_first, tester}).error().kind, ErrorKind::Conflict);
        m_clock.advance(5min);
        QCOMPARE(deletions(), QSet{m_second});
        m_clock.advance(5min);
        QCOMPARE(deletions(), (QSet{m_first, m_second}));
        QVERIFY(retention().pin(team, {m_second}, {}, {}, tester));
        QCOMPARE(deletions(), QSet{m_first});
        QVERIFY(retention().unpin(team, {m_second}, tester));
        QCOMPARE(deletions(), (QSet{m_first, m_second}));
        QVERIFY(m_program->snapshots.remove({team, m_first, tester}));
    }

    void pinRefusals()
    {
        QCOMPARE(
            retention().pin(team, {m_first}, {}, m_clock.now(), tester).error().kind,
            ErrorKind::InvalidArgument);
        QCOMPARE(
            retention().pin(team, {m_first}, QString(4097, u'a'), {}, tester).error().kind,
            ErrorKind::InvalidArgument);
    }

    void trashCanBeTakenBack()
    {
        const auto removed = m_program->snapshots.remove({team, m_first, tester, 3'600});
        QCOMPARE(removed->status, SnapshotStatus::Trashed);
        QVERIFY(!removed->operation);
        QCOMPARE(m_program->snapshots.list({})->snapshots.size(), 1);
        m_clock.advance(10min); // by now it has expired
        QVERIFY(retention().takeBack(team, {m_first}, tester));
        QCOMPARE(find(m_first).status, SnapshotStatus::Active);
        QVERIFY(!find(m_first).trashedUntil);
        m_clock.advance(59s);
        QCOMPARE(deletions(), QSet{m_second}); // its time to live began again
        m_clock.advance(1s);
        QCOMPARE(deletions(), (QSet{m_first, m_second}));
        QCOMPARE(retention().takeBack(team, {m_first}, tester).error().kind, ErrorKind::Conflict);
    }

    void trashDoesNotPassTheLimit()
    {
        QVERIFY(m_program->settings.change(team, {{Setting::LargestSnapshotCount, 2}}, tester));
        QVERIFY(m_program->snapshots.remove({team, m_first, tester, 3'600}));
        take(u"snap-third"_s, 60);
        QCOMPARE(
            retention().takeBack(team, {m_first}, tester).error().kind, ErrorKind::LimitReached);
    }

    void badTrashTimesAreRefused()
    {
        for (const qint64 seconds : {qint64(-1), std::numeric_limits<qint64>::max()}) {
            QCOMPARE(
                m_program->snapshots.remove({team, m_first, tester, seconds}).error().kind,
                ErrorKind::InvalidArgument);
        }
        QCOMPARE(find(m_first).status, SnapshotStatus::Active);
    }

    void rulesThatDeleteEverythingAreSaidTwice()
    {
        QVERIFY(m_program->settings.change(team, {{Setting::KeepLast, 2}}, tester));
        m_clock.advance(2min);
        QVERIFY(deletions().isEmpty());
        const SettingChanges none{{Setting::KeepLast, std::nullopt}};
        const Done refused = m_program->settings.change(team, none, tester);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QVERIFY(refused.error().detail.contains(u"all 2 snapshots of namespace team"_s));
        QVERIFY(deletions().isEmpty()); // nothing was changed
        QVERIFY(m_program->settings.change(team, none, tester, DeleteEverything::Yes));
        QCOMPARE(deletions().size(), 2);
        QCOMPARE(
            m_program->settings.change(team, {{Setting::KeepLast, 0}}, tester).error().kind,
            ErrorKind::InvalidArgument);
    }

private:
    RetentionService &retention() { return m_program->retention; }
    Snapshot find(const SnapshotId &id) { return m_program->snapshots.find(id).value(); }

    QSet<SnapshotId> deletions()
    {
        const CleanupPlan plan = m_program->cleanup.plan({}, CleanupScope::All).value();
        QSet<SnapshotId> ids;
        for (const CleanupEntry &entry : plan.entries) {
            if (entry.deletes())
                ids.insert(entry.snapshot);
        }
        return ids;
    }

    SnapshotId take(const QString &id, qint64 ttlSeconds)
    {
        Snapshot snapshot;
        snapshot.id = SnapshotId::trusted(id);
        snapshot.sandbox = sandboxOne;
        snapshot.namespaceName = team;
        snapshot.ttlSeconds = ttlSeconds;
        snapshot.createdAt = m_clock.now();
        if (const Done added = addSnapshot(*m_program->database, snapshot); !added)
            qFatal("%s", qPrintable(added.error().summary()));
        return snapshot.id;
    }

    FakeClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Program> m_program;
    SnapshotId m_first;
    SnapshotId m_second;
};

QTEST_GUILESS_MAIN(RetentionTest)
#include "tst_retention.moc"
