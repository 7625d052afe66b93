#include "services/storage/auditlog.h"
#include "services/storage/changefeed.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/migrations.h"
#include "services/storage/operationrepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "tests/support/fakeclock.h"
#include "tests/support/waitfor.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const EngineName engineName = EngineName::trusted(u"a"_s);
const NamespaceName namespaceName = NamespaceName::trusted(u"default"_s);

Engine someEngine()
{
    Engine engine;
    engine.name = engineName;
    engine.address = u"unix:///run/a.sock"_s;
    return engine;
}

Sandbox someSandbox()
{
    Sandbox sandbox;
    sandbox.id = SandboxId::trusted(u"sb-1"_s);
    sandbox.namespaceName = namespaceName;
    sandbox.engine = engineName;
    sandbox.config.image = u"base:1"_s;
    return sandbox;
}

Snapshot someSnapshot(const QString &id, qint64 created)
{
    Snapshot snapshot;
    snapshot.id = SnapshotId::trusted(id);
    snapshot.sandbox = someSandbox().id;
    snapshot.namespaceName = namespaceName;
    snapshot.engine = engineName;
    snapshot.tag = u"tag"_s;
    snapshot.ttlSeconds = 60;
    snapshot.createdAt = snapshot.changedAt = fromMilliseconds(created);
    snapshot.imageReference = u"sandglass-snapshots:"_s + id;
    snapshot.config.image = u"base:1"_s;
    return snapshot;
}

Operation someOperation()
{
    Operation operation;
    operation.id = OperationId::generate();
    operation.kind = OperationKind::CreateSnapshot;
    operation.namespaceName = namespaceName;
    operation.engine = engineName;
    operation.createdAt = fromMilliseconds(1);
    operation.inputs = {{u"image"_s, u"base:1"_s}};
    operation.steps = {{u"pause"_s, {}, {}, 0}, {u"commit"_s, {}, {}, 0}};
    return operation;
}

/// Everything but the seq, which the store gives.
Snapshot withoutSeq(Snapshot snapshot)
{
    snapshot.changeSeq = 0;
    return snapshot;
}

} // namespace

class StorageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->path() + u"/data/sandglass.db"_s;
        m_database = open();
        QVERIFY(m_database->write([](Session &session) -> Done {
            SANDGLASS_CHECK(EngineRepository(session).insert(someEngine()));
            return SandboxRepository(session).insert(someSandbox());
        }));
    }

    void cleanup()
    {
        m_database.reset();
        m_folder.reset();
    }

    void filesAreForTheOwnerOnly()
    {
        const auto ownerMode = [](const QString &path) {
            return QFile::permissions(path) & 0x0077;
        };
        QCOMPARE(int(ownerMode(m_file)), 0);
        QCOMPARE(int(ownerMode(QFileInfo(m_file).path())), 0);
        QVERIFY(QFile::exists(m_file + u"-wal"_s));
        QCOMPARE(int(ownerMode(m_file + u"-wal"_s)), 0);
    }

    /// Whatever statement of a migration fails, the version before it is intact.
    void failedMigrationLeavesTheVersionBeforeIt()
    {
        const QList<Migration> bundled = bundledMigrations().value();
        QVERIFY(!bundled.isEmpty());
        const Migration first = bundled.first();
        for (qsizetype bad = 0; bad < first.statements.size(); ++bad) {
            Migration broken = first;
            broken.statements[bad] = u"CREATE NONSENSE"_s;
            {
                QSqlDatabase connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"migration"_s);
                connection.setDatabaseName(u":memory:"_s);
                QVERIFY(connection.open());
                QVERIFY(!migrate(connection, {broken}));
                QCOMPARE(schemaVersion(connection).value(), 0);
                QCOMPARE(connection.tables().size(), 0);
                QVERIFY(migrate(connection, bundled));
                QCOMPARE(schemaVersion(connection).value(), bundled.last().version);
            }
            QSqlDatabase::removeDatabase(u"migration"_s);
        }
    }

    void rowsComeBackAsTheyWere()
    {
        Snapshot snapshot = someSnapshot(u"snap-1"_s, 1'000);
        snapshot.note = u"it's \"quoted\" – ünïcode"_s;
        snapshot.config.container = {{u"Cmd"_s, u"x"_s}};
        QVERIFY(m_database->write(
            [&](Session &session) { return SnapshotRepository(session).insert(snapshot); }));
        QCOMPARE(withoutSeq(find(snapshot.id)), snapshot);

        snapshot.sizeBytes = 1LL << 40;
        snapshot.changedBytes = 0;
        snapshot.frozenMilliseconds = 12;
        Location location;
        location.snapshot = snapshot.id;
        location.place = u"a"_s;
        location.imageReference = snapshot.imageReference;
        location.imageId = u"sha256:1"_s;
        QVERIFY(m_database->write([&](Session &session) -> Done {
            SANDGLASS_CHECK(SnapshotRepository(session).apply(snapshot, SnapshotEvent::Committed));
            return SnapshotRepository(session).saveLocation(location);
        }));
        QCOMPARE(snapshot.status, SnapshotStatus::Active);
        snapshot.locations = {location};
        QCOMPARE(withoutSeq(find(snapshot.id)), snapshot);

        const auto sandbox = m_database->read(
            [](Session &session) { return SandboxRepository(session).find(someSandbox().id); });
        Sandbox expected = someSandbox();
        expected.changeSeq = sandbox->changeSeq;
        QCOMPARE(*sandbox, expected);

        Operation operation = someOperation();
        QVERIFY(m_database->write(
            [&](Session &session) { return OperationRepository(session).insert(operation); }));
        const auto journalled = m_database->read(
            [&](Session &session) { return OperationRepository(session).find(operation.id); });
        operation.changeSeq = journalled->changeSeq;
        QCOMPARE(*journalled, operation);
    }

    void pagesFollowEachOtherWithoutGapOrRepeat()
    {
        QVERIFY(m_database->write([](Session &session) -> Done {
            for (int i = 0; i < 25; ++i) // several of the same moment, so that the id decides
                SANDGLASS_CHECK(
                    SnapshotRepository(session).insert(someSnapshot(u"snap-%1"_s.arg(i), i / 3)));
            return {};
        }));
        QStringList seen;
        SnapshotFilter filter;
        filter.limit = 4;
        while (true) {
            const auto page = m_database->read(
                [&filter](Session &session) { return SnapshotRepository(session).list(filter); });
            QVERIFY(page);
            if (page->isEmpty())
                break;
            for (const Snapshot &snapshot : *page)
                seen.append(snapshot.id.text());
            filter.after = std::pair(page->last().createdAt, page->last().id);
        }
        QCOMPARE(seen.size(), 25);
        QCOMPARE(QSet<QString>(seen.begin(), seen.end()).size(), 25);
    }

    void textFilterTakesWildcardsLiterally()
    {
        Snapshot percent = someSnapshot(u"snap-1"_s, 1);
        percent.note = u"100% sure"_s;
        Snapshot underscore = someSnapshot(u"snap-2"_s, 2);
        underscore.note = u"a_b\\c"_s;
        QVERIFY(m_database->write([&](Session &session) -> Done {
            SANDGLASS_CHECK(SnapshotRepository(session).insert(percent));
            return SnapshotRepository(session).insert(underscore);
        }));
        const auto count = [this](const QString &text) {
            SnapshotFilter filter;
            filter.text = text;
            return m_database
                ->read([&](Session &session) { return SnapshotRepository(session).list(filter); })
                ->size();
        };
        QCOMPARE(count(u"0% s"_s), 1);
        QCOMPARE(count(u"%"_s), 1);
        QCOMPARE(count(u"_"_s), 1);
        QCOMPARE(count(u"b\\c"_s), 1);
        QCOMPARE(count(u"' OR 1=1 --"_s), 0);
        QCOMPARE(count(u"SNAP-"_s), 2);
    }

    void failedTransactionLeavesNothing()
    {
        const Done failed = m_database->write([](Session &session) -> Done {
            SANDGLASS_CHECK(SnapshotRepository(session).insert(someSnapshot(u"snap-1"_s, 1)));
            return failure(ErrorKind::Conflict, u"no"_s);
        });
        QCOMPARE(failed.error().kind, ErrorKind::Conflict);
        const auto found = m_database->read([](Session &session) {
            return SnapshotRepository(session).find(SnapshotId::trusted(u"snap-1"_s));
        });
        QCOMPARE(found.error().kind, ErrorKind::NotFound);
    }

    void writersOfManyThreadsTakeTurns()
    {
        std::vector<std::thread> threads;
        std::atomic<int> failures = 0;
        for (int t = 0; t < 8; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < 20; ++i) {
                    const Snapshot snapshot = someSnapshot(u"snap-%1x%2"_s.arg(t).arg(i), i);
                    const Done written = m_database->write([&](Session &session) {
                        return SnapshotRepository(session).insert(snapshot);
                    });
                    failures += written ? 0 : 1;
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(failures.load(), 0);
        const auto all =
            m_database->read([](Session &session) { return SnapshotRepository(session).list({}); });
        QCOMPARE(all->size(), 160);
    }

    void statusChangesOnlyFromWhatWasRead()
    {
        const Snapshot inserted = someSnapshot(u"snap-1"_s, 1);
        const auto apply = [this](Snapshot &snapshot, SnapshotEvent event, const QString &error) {
            return m_database->write([&](Session &session) {
                return SnapshotRepository(session).apply(snapshot, event, error);
            });
        };
        QVERIFY(m_database->write(
            [&](Session &session) { return SnapshotRepository(session).insert(inserted); }));
        Snapshot first = inserted;
        Snapshot second = inserted;
        QVERIFY(apply(first, SnapshotEvent::CreationFailed, u"the disk is full"_s));
        QCOMPARE(find(inserted.id).status, SnapshotStatus::Failed);
        QCOMPARE(find(inserted.id).error, u"the disk is full"_s);

        const Done late = apply(second, SnapshotEvent::Committed, {});
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::Conflict);
        const Done unknown = apply(first, SnapshotEvent::Committed, {});
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().kind, ErrorKind::Conflict);
        QCOMPARE(find(inserted.id).status, SnapshotStatus::Failed);

        QVERIFY(apply(first, SnapshotEvent::DeletionAsked, {}));
        QVERIFY(find(inserted.id).error.isEmpty());
        Snapshot stale = first;
        QVERIFY(apply(first, SnapshotEvent::Removed, {}));
        QVERIFY(!apply(stale, SnapshotEvent::Removed, {}));
        QVERIFY(!m_database->write(
            [&](Session &session) { return SnapshotRepository(session).save(stale); }));
    }

    void notesAreOfWhatChangedSinceTheImageWasMade()
    {
        const auto notes = [this] {
            return m_database->read(
                [](Session &session) { return SnapshotRepository(session).notes(); });
        };
        Snapshot snapshot = someSnapshot(u"snap-1"_s, 1);
        const auto save = [&] {
            return m_database->write(
                [&](Session &session) { return SnapshotRepository(session).save(snapshot); });
        };
        QVERIFY(m_database->write([&](Session &session) -> Done {
            SANDGLASS_CHECK(SnapshotRepository(session).insert(someSnapshot(u"snap-2"_s, 2)));
            return SnapshotRepository(session).insert(snapshot);
        }));
        QVERIFY(notes()->isEmpty());
        snapshot.ttlSeconds = 0;
        snapshot.pin = SnapshotPin{u""_s, u"ann"_s, fromMilliseconds(5)};
        QVERIFY(save() && notes()->size() == 1);
        QVERIFY(notes()->value(snapshot.id) == (ImageNotes{false, true, fromMilliseconds(5), 0}));
        snapshot.ttlSeconds = 60;
        snapshot.pin.reset();
        QVERIFY(save() && notes()->isEmpty());
    }

    void feedTellsEachChangeOnce()
    {
        ChangeFeed feed(*m_database);
        QList<Change> told;
        connect(&feed, &ChangeFeed::changed, this, [&told](const QList<Change> &changes) {
            told += changes;
        });
        Snapshot snapshot = someSnapshot(u"snap-1"_s, 1);
        snapshot.status = SnapshotStatus::Deleting;
        QVERIFY(m_database->write([&](Session &session) -> Done {
            SANDGLASS_CHECK(SnapshotRepository(session).insert(snapshot));
            return SnapshotRepository(session).save(snapshot);
        }));
        QVERIFY(waitFor([&told] { return !told.isEmpty(); }, 2s));
        QCOMPARE(told.size(), 1);
        QCOMPARE(told.first().id, snapshot.id.text());
        QVERIFY(m_database->write([&](Session &session) {
            return SnapshotRepository(session).apply(snapshot, SnapshotEvent::Removed);
        }));
        QVERIFY(waitFor([&told] { return told.size() == 2; }, 2s));
        QVERIFY(told.last().removed);
        QVERIFY(told.last().seq > told.first().seq);
    }

    void feedSeesOtherProcessesWithinHalfASecond()
    {
        ChangeFeed feed(*m_database);
        QSignalSpy spy(&feed, &ChangeFeed::changed);
        const auto other = open(); // as another process: nothing but the file is shared
        QVERIFY(other->write([](Session &session) {
            return SnapshotRepository(session).insert(someSnapshot(u"snap-1"_s, 1));
        }));
        QVERIFY(waitFor([&spy] { return !spy.isEmpty(); }, 500ms));
    }

    void leaseHasOneOwner()
    {
        const auto take = [this](const QString &owner) {
            return m_database->write(
                [&](Session &session) { return EngineRepository(session).takeLeases(owner, 5s); });
        };
        QCOMPARE(take(u"one"_s)->size(), 1);
        QCOMPARE(take(u"two"_s)->size(), 0);
        m_clock.advance(4'999ms);
        QCOMPARE(take(u"two"_s)->size(), 0);
        m_clock.advance(1ms);
        QCOMPARE(take(u"two"_s)->size(), 1);
        QCOMPARE(take(u"one"_s)->size(), 0);
        m_clock.advance(-24h); // a clock that steps back must not lock everybody out for a day
        QCOMPARE(take(u"one"_s)->size(), 1);
        QVERIFY(m_database->write(
            [](Session &session) { return EngineRepository(session).releaseLeases(u"one"_s); }));
        QCOMPARE(take(u"two"_s)->size(), 1);
    }

    void leaseOfALivingProcessOutlastsAnyStepOfTheClock()
    {
        const auto take = [this](const QString &owner, const QStringList &living) {
            return m_database->write([&](Session &session) {
                return EngineRepository(session).takeLeases(owner, 5s, living);
            });
        };
        QCOMPARE(take(u"one"_s, {})->size(), 1);
        for (const auto step : {3h, -6h, 3h}) {
            m_clock.advance(step);
            QCOMPARE(take(u"two"_s, {u"one"_s})->size(), 0);
            QCOMPARE(take(u"one"_s, {u"one"_s})->size(), 1);
        }
    }

    void operationsStayInOrderWhenTheClockStepsBack()
    {
        Operation first = someOperation();
        first.createdAt = m_clock.now();
        Operation second = first;
        second.id = OperationId::generate();
        second.createdAt = first.createdAt - 3h;
        QVERIFY(m_database->write([&](Session &session) -> Done {
            SANDGLASS_CHECK(OperationRepository(session).insert(first));
            return OperationRepository(session).insert(second);
        }));
        const auto unfinished = m_database->read(
            [](Session &session) { return OperationRepository(session).unfinished(); });
        QCOMPARE(unfinished->size(), 2);
        QCOMPARE(unfinished->first().id, first.id);
        const auto listed =
            m_database->read([](Session &session) { return OperationRepository(session).list(0); });
        QCOMPARE(listed->first().id, second.id);
    }

    void oldChangesAreForgottenButTheLastOfEachObject()
    {
        constexpr int written = 25'000;
        const auto counted = m_database->write([](Session &session) -> Result<qint64> {
            SANDGLASS_CHECK(session.recordChange(Change::Subject::Snapshot, u"gone"_s, true));
            qint64 newest = 0;
            for (int i = 0; i < written; ++i) {
                SANDGLASS_TRY(
                    newest, session.recordChange(Change::Subject::Sandbox, QString::number(i % 3)));
            }
            return newest;
        });
        QVERIFY(*counted > written);
        const auto kept = m_database->read([](Session &session) -> Result<QVariantList> {
            SANDGLASS_TRY(
                Query query,
                session.run(u"SELECT count(*), max(seq), sum(id = 'gone') FROM changes"_s));
            query.next();
            return QVariantList{query.value(0), query.value(1), query.value(2)};
        });
        QVERIFY2(kept->at(0).toInt() < 11'100, qPrintable(kept->at(0).toString()));
        QVERIFY(kept->at(0).toInt() >= 10'000);
        QCOMPARE(kept->at(1).toLongLong(), *counted);
        QCOMPARE(kept->at(2).toInt(), 1);
    }

    void idempotencyKeyFindsItsOperation()
    {
        const Operation operation = someOperation();
        const auto repeated = [&](const IdempotencyKey &key) {
            return m_database->read([&](Session &session) {
                return OperationRepository(session).findRepeated(
                    namespaceName, operation.kind, key);
            });
        };
        QVERIFY(m_database->write([&](Session &session) -> Done {
            SANDGLASS_CHECK(
                OperationRepository(session).insert(operation, {u"key"_s, u"digest"_s}));
            // Any number of operations without a key.
            SANDGLASS_CHECK(OperationRepository(session).insert(someOperation()));
            return OperationRepository(session).insert(someOperation());
        }));
        QCOMPARE((*repeated({u"key"_s, u"digest"_s}))->id, operation.id);
        QCOMPARE(repeated({u"key"_s, u"other"_s}).error().kind, ErrorKind::Conflict);
        QVERIFY(!*repeated({u"another"_s, u"digest"_s}));
        QVERIFY(!*repeated({}));
    }

    void fullDiskIsSaidSo()
    {
        const Done written = m_database->write([](Session &session) -> Done {
            SANDGLASS_CHECK(
                session.run(u"PRAGMA max_page_count = 1"_s)); // the file may not grow any more
            for (int i = 0; i < 1000; ++i)
                SANDGLASS_CHECK(
                    SnapshotRepository(session).insert(someSnapshot(u"snap-%1"_s.arg(i), i)));
            return {};
        });
        QCOMPARE(written.error().kind, ErrorKind::StorageFull);
    }

private:
    std::unique_ptr<Database> open()
    {
        auto database = Database::open(m_file, m_clock);
        if (!database)
            qFatal("%s", qPrintable(database.error().summary()));
        return std::move(*database);
    }

    Snapshot find(const SnapshotId &id)
    {
        return m_database
            ->read([&id](Session &session) { return SnapshotRepository(session).find(id); })
            .value();
    }

    FakeClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
    std::unique_ptr<Database> m_database;
};

QTEST_GUILESS_MAIN(StorageTest)
#include "tst_storage.moc"
