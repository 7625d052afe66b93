#include "services/storage/cleanuprunrepository.h"
#include "services/storage/operationrepository.h"
#include "tests/support/auditrule.h"
#include "tests/support/fakeclock.h"
#include "tests/usecases/program.h"
#include "tests/usecases/snapshotstore.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace sandglass;
using namespace std::chrono_literals;

namespace {

const SandboxId sandboxOne = SandboxId::trusted(u"sb-1"_s);

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// The cleanup over a store; no engine answers, so what is deleted stays "deleting".
class CleanupTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock.set(fromMilliseconds(1'700'000'000'000));
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->path() + u"/data/sandglass.db"_s;
        m_one = std::make_unique<Program>(m_file, m_clock);
        m_other = std::make_unique<Program>(m_file, m_clock);
        refuseUnauditedChanges(m_file);
        QVERIFY(addEngine(database()));
        QVERIFY(addSandbox(database(), sandboxOne));
    }

    void cleanup()
    {
        m_other.reset();
        m_one.reset();
    }

    void planAndRunAreOneValue()
    {
        const SnapshotId brief = take(u"brief"_s, 60);
        const SnapshotId lasting = take(u"lasting"_s, 0);
        m_clock.advance(59'999ms);
        QCOMPARE(plan().deletions, 0);
        m_clock.advance(1ms);
        const CleanupPlan made = plan();
        QCOMPARE(made.deletions, 1);
        QCOMPARE(made.entries.size(), 2);
        QCOMPARE(made.entries.first().snapshot, brief);
        QCOMPARE(made.question, QString());

        const auto run = m_one->cleanup.run({made.id, {}, false, tester});
        QVERIFY2(run, run ? "" : qPrintable(run.error().summary()));
        QCOMPARE(statusOf(brief), SnapshotStatus::Deleting);
        QCOMPARE(statusOf(lasting), SnapshotStatus::Active);
        const auto found = m_one->cleanup.find(*run);
        QCOMPARE(found->planned, 1);
        QCOMPARE(found->items.first().outcome, CleanupOutcome::Deleting);
        QVERIFY(!found->finishedAt);
        QCOMPARE(found->caller, tester);

        endOperation(found->items.first().operation, OperationState::Succeeded);
        QVERIFY(m_other->cleanup.tick({}));
        const auto ended = m_one->cleanup.find(*run);
        QCOMPARE(ended->deleted, 1);
        QVERIFY(ended->finishedAt);
        QCOMPARE(m_one->cleanup.history(10)->first().id, *run);
    }

    void failureIsNamed()
    {
        take(u"brief"_s, 60);
        m_clock.advance(1min);
        const auto run = m_one->cleanup.run({plan().id, {}, false, tester});
        endOperation(m_one->cleanup.find(*run)->items.first().operation, OperationState::Failed);
        QVERIFY(m_one->cleanup.tick({}));
        const auto found = m_one->cleanup.find(*run);
        QCOMPARE(found->failed, 1);
        QCOMPARE(found->items.first().reason, u"the registry says no"_s);
        QVERIFY(found->finishedAt);
    }

    void whatChangedIsSkipped_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("words");
        QTest::newRow("pinned") << u"pin"_s << u"pinned"_s;
        QTest::newRow("renewed") << u"renew"_s << u"has not expired any more"_s;
        QTest::newRow("gone") << u"forget"_s << u"gone already"_s;
        QTest::newRow("deleted") << u"delete"_s << u"deleting"_s;
        QTest::newRow("in the trash") << u"trash"_s << u"trashed"_s;
        QTest::newRow("restored") << u"restore"_s << u"restored since"_s;
        QTest::newRow("being restored") << u"restoring"_s << u"being restored"_s;
        QTest::newRow("kept by a rule") << u"rule"_s << u"newest"_s;
        QTest::newRow("clock stepped back") << u"clock"_s << u"the clock"_s;
    }

    void whatChangedIsSkipped()
    {
        QFETCH(const QString, change);
        QFETCH(const QString, words);
        const SnapshotId id = take(u"brief"_s, 60);
        m_clock.advance(2min);
        const CleanupPlan made = plan();
        QCOMPARE(made.deletions, 1);
        m_clock.advance(1s);
        makeChange(change, id);

        // As a run that was begun before the change, by a process that ended.
        beginForAnother(made);
        QVERIFY(m_one->cleanup.tick({}));
        const CleanupRun run = m_one->cleanup.find(m_one->cleanup.history(1)->first().id).value();
        QCOMPARE(run.skipped, 1);
        QCOMPARE(run.items.first().outcome, CleanupOutcome::Skipped);
        QVERIFY2(run.items.first().reason.contains(words), qPrintable(run.items.first().reason));
        QVERIFY(run.finishedAt);
    }

    void plansThatCannotBeRun()
    {
        take(u"brief"_s, 1);
        m_clock.advance(2s);
        const auto kind = [&](const CleanupRequest &request) {
            const auto run = m_one->cleanup.run(request);
            return run ? ErrorKind::Internal : run.error().kind;
        };
        QCOMPARE(kind({u"plan-unknown"_s, {}, false, tester}), ErrorKind::NotFound);
        const CleanupPlan ofTeam = *m_one->cleanup.plan(team, CleanupScope::All);
        QCOMPARE(kind({ofTeam.id, {}, false, tester}), ErrorKind::Conflict);
        QCOMPARE(
            kind({ofTeam.id, NamespaceName::trusted(u"other"_s), false, tester}),
            ErrorKind::Conflict);
        const CleanupPlan old = plan();
        m_clock.advance(1h + 1ms);
        QCOMPARE(kind({old.id, {}, false, tester}), ErrorKind::Conflict);
        const CleanupPlan once = plan();
        QVERIFY(m_one->cleanup.run({once.id, {}, false, tester}));
        QCOMPARE(kind({once.id, {}, false, tester}), ErrorKind::Conflict);
    }

    void muchIsAskedAboutFirst()
    {
        for (int i = 0; i < 51; ++i)
            take(u"many%1"_s.arg(i), 60);
        QVERIFY(m_one->cleanup.tick({}));
        m_clock.advance(1h);
        QVERIFY(m_one->cleanup.tick({}));
        QVERIFY(m_one->cleanup.history(10)->isEmpty());
        const auto status = m_one->cleanup.status();
        QVERIFY(status->question.contains(u"51"_s));
        const CleanupPlan made = plan();
        QCOMPARE(
            m_one->cleanup.run({made.id, {}, false, tester}).error().kind, ErrorKind::Conflict);
        QVERIFY(m_one->cleanup.run({made.id, {}, true, tester}));
        QCOMPARE(m_one->cleanup.history(10)->first().planned, 51);
        QVERIFY(m_one->cleanup.status()->question.isEmpty());
    }

    void timerRunsOnceAtATime()
    {
        take(u"brief"_s, 60);
        QVERIFY(m_one->cleanup.tick({})); // the first look
        m_clock.advance(1h - 1ms);
        QVERIFY(m_one->cleanup.tick({}));
        QVERIFY(m_one->cleanup.history(10)->isEmpty());
        m_clock.advance(1ms);
        QVERIFY(m_other->cleanup.tick({}));
        QVERIFY(m_one->cleanup.tick({}));
        QCOMPARE(m_one->cleanup.history(10)->size(), 1);
        QVERIFY(m_one->cleanup.history(10)->first().byTimer);

        take(u"later"_s, 60);
        m_clock.advance(24h * 30); // a long sleep is one run
        QVERIFY(m_one->cleanup.tick({}));
        QVERIFY(m_other->cleanup.tick({}));
        QCOMPARE(m_one->cleanup.history(10)->size(), 2);
        QCOMPARE(m_one->cleanup.status()->lastAt, m_clock.now());

        m_clock.advance(-24h * 60); // stepping back expires nothing and stops nothing
        take(u"much later"_s, 60);
        QVERIFY(m_one->cleanup.tick({}));
        QCOMPARE(m_one->cleanup.history(10)->size(), 2);
        m_clock.advance(1h);
        QVERIFY(m_one->cleanup.tick({}));
        QCOMPARE(m_one->cleanup.history(10)->size(), 3);
    }

    /// What was pinned before a database was made anew can be pinned again.
    void aNewDatabaseDeletesNothingAtOnce()
    {
        take(u"brief"_s, 60);
        m_clock.advance(1h);
        QVERIFY(m_one->cleanup.tick({}));
        m_clock.advance(1h - 1ms);
        QVERIFY(m_one->cleanup.tick({}));
        QVERIFY(m_one->cleanup.history(10)->isEmpty());
        m_clock.advance(1ms);
        QVERIFY(m_one->cleanup.tick({}));
        QCOMPARE(m_one->cleanup.history(10)->size(), 1);
    }

    void makingAPlanChangesNothing()
    {
        for (int i = 0; i < 10; ++i)
            take(u"some%1"_s.arg(i), i);
        m_clock.advance(5s);
        const QByteArray before = contentOf(m_file);
        const QByteArray beforeLog = contentOf(m_file + u"-wal"_s);
        QVERIFY(!before.isEmpty() || !beforeLog.isEmpty());
        QVERIFY(plan().deletions > 0);
        QVERIFY(m_one->cleanup.plan(team, CleanupScope::Expired));
        QCOMPARE(contentOf(m_file), before);
        QCOMPARE(contentOf(m_file + u"-wal"_s), beforeLog);
    }

    void exactlyWhatWasListedGoes()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 40; ++round) {
            QVERIFY(m_one->settings.change(
                team,
                {{Setting::KeepLast,
                  random.bounded(2) ? std::optional<qint64>(random.bounded(1, 4)) : std::nullopt},
                 {Setting::KeepDaily, random.bounded(3)},
                 {Setting::SlidingTtl, random.bounded(2)},
                 {Setting::CleanupMostDeletions, 1'000}},
                tester,
                DeleteEverything::Yes));
            QList<SnapshotId> all;
            for (int i = 0; i < 12; ++i) {
                all.append(take(u"r%1i%2"_s.arg(round).arg(i), random.bounded(0, 200)));
                m_clock.advance(std::chrono::minutes(random.bounded(600)));
                if (random.bounded(4) == 0)
                    QVERIFY(m_one->retention.pin(team, {all.last()}, u"wanted"_s, {}, tester));
            }
            const CleanupPlan made = *m_one->cleanup.plan(team, CleanupScope::Expired);
            QSet<SnapshotId> listed;
            for (qsizetype i = 0; i < made.deletions; ++i)
                listed.insert(made.entries[i].snapshot);
            for (const SnapshotId &id : std::as_const(all)) {
                if (random.bounded(8) == 0)
                    QVERIFY(m_one->retention.pin(team, {id}, u"late"_s, {}, tester));
            }
            const auto active = activeOnes();
            const auto run = m_one->cleanup.run({made.id, team, true, tester});
            QVERIFY(run);
            const CleanupRun done = m_one->cleanup.find(*run).value();
            for (const CleanupItem &item : done.items) {
                if (item.outcome == CleanupOutcome::Skipped)
                    listed.remove(item.snapshot);
            }
            QCOMPARE(active - activeOnes(), listed);
        }
    }

    void whatACrashLeftIsGoneOnWith()
    {
        take(u"brief"_s, 60);
        m_clock.advance(2min);
        beginForAnother(plan());
        QVERIFY(m_other->cleanup.tick({}));
        QCOMPARE(
            m_one->cleanup.find(m_one->cleanup.history(1)->first().id)->items.first().outcome,
            CleanupOutcome::Deleting);
    }

    void trashKeepsAWhile()
    {
        QVERIFY(m_one->settings.change(team, {{Setting::TrashTime, 3'600}}, tester));
        const SnapshotId brief = take(u"brief"_s, 60);
        m_clock.advance(1min);
        const auto run = m_one->cleanup.run({plan().id, {}, false, tester});
        QCOMPARE(m_one->cleanup.find(*run)->items.first().outcome, CleanupOutcome::Trashed);
        QCOMPARE(statusOf(brief), SnapshotStatus::Trashed);
        QVERIFY(m_one->snapshots.list({})->snapshots.isEmpty());
        m_clock.advance(1h - 1s);
        QVERIFY(m_one->cleanup.tick({}));
        QCOMPARE(statusOf(brief), SnapshotStatus::Trashed);
        m_clock.advance(1s);
        QVERIFY(m_one->cleanup.tick({}));
        QCOMPARE(statusOf(brief), SnapshotStatus::Deleting);
    }

    void statisticsCount()
    {
        take(u"forever"_s, 0);
        take(u"day"_s, 86'400);
        take(u"week"_s, 7 * 86'400);
        take(u"month"_s, 30 * 86'400);
        take(u"brief"_s, 1);
        m_clock.advance(1s);
        const SnapshotStatistics statistics = m_one->cleanup.statistics().value();
        QCOMPARE(statistics.all.total, 5);
        QCOMPARE(statistics.all.byStatus.at(SnapshotStatus::Active), 5);
        QCOMPARE(statistics.all.byStatus.at(SnapshotStatus::Failed), 0);
        QCOMPARE(statistics.all.expired, 1);
        QCOMPARE(statistics.all.expiringWithinDay, 1);
        QCOMPARE(statistics.all.expiringWithinWeek, 2);
        QCOMPARE(statistics.all.expiringWithinMonth, 3);
        QCOMPARE(statistics.all.oldestAt, m_clock.now() - 1s);
        QCOMPARE(statistics.namespaces.size(), 1);
        QCOMPARE(statistics.namespaces.first().second, statistics.all);
    }

private:
    Database &database() { return *m_one->database; }
    CleanupPlan plan() { return m_one->cleanup.plan({}, CleanupScope::All).value(); }

    SnapshotId take(const QString &name, qint64 ttlSeconds)
    {
        Snapshot snapshot;
        snapshot.id = SnapshotId::trusted(u"snap-"_s + name);
        snapshot.sandbox = sandboxOne;
        snapshot.namespaceName = team;
        snapshot.ttlSeconds = ttlSeconds;
        snapshot.createdAt = m_clock.now();
        if (const Done added = addSnapshot(database(), snapshot); !added)
            qFatal("%s", qPrintable(added.error().summary()));
        return snapshot.id;
    }

    SnapshotStatus statusOf(const SnapshotId &id)
    {
        return m_one->snapshots.find(id).value().status;
    }

    QSet<SnapshotId> activeOnes()
    {
        SnapshotQuery query;
        query.status = SnapshotStatus::Active;
        QSet<SnapshotId> ids;
        const SnapshotPage page = m_one->snapshots.list(query).value();
        for (const Snapshot &snapshot : page.snapshots)
            ids.insert(snapshot.id);
        return ids;
    }

    void endOperation(const OperationId &id, OperationState state)
    {
        QVERIFY(database().write([&](Session &session) -> Done {
            OperationRepository operations(session);
            SANDGLASS_TRY(Operation operation, operations.find(id));
            operation.state = state;
            operation.finishedAt = session.now();
            if (state == OperationState::Failed)
                operation.error = u"the registry says no"_s;
            return operations.save(operation);
        }));
    }

    /// A run of the plan of which nothing was done yet, by a process that is not there.
    void beginForAnother(const CleanupPlan &made)
    {
        QVERIFY(database().write([&](Session &session) -> Done {
            CleanupRun run;
            run.id = u"run-another"_s;
            run.caller = tester;
            run.planMadeAt = made.madeAt;
            run.startedAt = session.now();
            CleanupItem item;
            item.snapshot = made.entries.first().snapshot;
            item.namespaceName = team;
            item.reason = made.entries.first().reason;
            run.items = {item};
            CleanupRunRepository runs(session);
            SANDGLASS_CHECK(runs.insert(run, u"another-boot/pid:[1]/1/1"_s));
            return runs.saveTimer({session.now(), {}}); // the timer itself has nothing to do
        }));
    }

    void makeChange(const QString &change, const SnapshotId &id)
    {
        if (change == u"pin"_s)
            QVERIFY(m_one->retention.pin(team, {id}, u"wanted"_s, {}, tester));
        if (change == u"renew"_s)
            QVERIFY(m_one->retention.changeTtl(team, {id}, 3'600, tester));
        if (change == u"delete"_s || change == u"trash"_s) {
            QVERIFY(m_one->snapshots.remove({team, id, tester, change == u"trash"_s ? 60 : 0}));
        }
        if (change == u"rule"_s)
            QVERIFY(m_one->settings.change(team, {{Setting::KeepLast, 1}}, tester));
        if (change == u"clock"_s)
            m_clock.advance(-90s);
        QVERIFY(database().write([&](Session &session) -> Done {
            SnapshotRepository snapshots(session);
            SANDGLASS_TRY(Snapshot snapshot, snapshots.find(id));
            if (change == u"forget"_s) {
                SANDGLASS_CHECK(snapshots.apply(snapshot, SnapshotEvent::DeletionAsked));
                SANDGLASS_CHECK(snapshots.apply(snapshot, SnapshotEvent::Removed));
                return appendAudit(session, {tester, u"delete_snapshot"_s, id.text(), {}, {}});
            }
            if (change == u"restore"_s) {
                snapshot.usedAt = session.now();
                return snapshots.save(snapshot);
            }
            if (change == u"restoring"_s) {
                Operation operation;
                operation.id = OperationId::generate();
                operation.kind = OperationKind::RestoreSnapshot;
                operation.namespaceName = team;
                operation.engine = engineA;
                operation.snapshot = id;
                operation.createdAt = session.now();
                return OperationRepository(session).insert(operation);
            }
            return {};
        }));
    }

    FakeClock m_clock;
    QString m_file;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Program> m_one;
    std::unique_ptr<Program> m_other;
};

QTEST_GUILESS_MAIN(CleanupTest)
#include "tst_cleanup.moc"
