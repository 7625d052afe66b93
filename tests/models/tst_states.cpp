#include "models/cleanupwords.h"
#include "models/enginetablemodel.h"
#include "models/rowfilter.h"
#include "models/sandboxtablemodel.h"
#include "models/snapshottablemodel.h"
#include "models/statewords.h"
#include "models/valuewords.h"
#include "tests/models/samples.h"

#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace sandglass;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

using SnapshotColumn = SnapshotTableModel::Column;

QString text(const QAbstractItemModel &model, int row, auto column)
{
    return model.index(row, int(column)).data().toString();
}

StateMark mark(const QAbstractItemModel &model, int row, auto column)
{
    return StateMark(model.index(row, int(column)).data(StateRole).toInt());
}

} // namespace

/// What tables say of the state of things, and how sure that is.
class StatesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void sandboxesOfADeadEngineAreNeverShownAsLive()
    {
        SandboxTableModel model;
        using Column = SandboxTableModel::Column;
        const Sandbox web = sample::sandbox(u"web"_s);
        model.setRows({web});
        QVERIFY(text(model, 0, Column::State).startsWith(u"Unknown since"_s));
        QCOMPARE(mark(model, 0, Column::State), StateMark::Unknown);
        QVERIFY(model.index(0, 0).data(MutedRole).toBool());

        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setLiveEngines({web.engine});
        QCOMPARE(changes.count(), 1);
        QCOMPARE(text(model, 0, Column::State), u"Running"_s);
        QVERIFY(!model.index(0, 0).data(MutedRole).toBool());
        model.setLiveEngines({web.engine, EngineName::trusted(u"other"_s)});
        QCOMPARE(changes.count(), 1);
    }

    void snapshotsExpireAsTimePasses()
    {
        SnapshotTableModel model;
        Snapshot soon = sample::snapshot(u"soon"_s);
        soon.createdAt = sample::now;
        soon.ttlSeconds = 60;
        Snapshot never = sample::snapshot(u"never"_s);
        never.ttlSeconds = 0;
        model.setEngines({sample::engine(u"local"_s)});
        model.setRows({soon, never});
        model.setNow(sample::now);
        QCOMPARE(text(model, 0, SnapshotColumn::State), u"Active"_s);
        QVERIFY(text(model, 0, SnapshotColumn::Expires).endsWith(u"(in 1 minute)"_s));
        QCOMPARE(text(model, 1, SnapshotColumn::Expires), u"never"_s);
        QCOMPARE(model.nextExpiry(), sample::now + 60s);

        model.setNow(sample::now + 60s);
        QCOMPARE(text(model, 0, SnapshotColumn::State), u"Expired"_s);
        QCOMPARE(mark(model, 0, SnapshotColumn::State), StateMark::Expired);
        QCOMPARE(mark(model, 1, SnapshotColumn::State), StateMark::Good);
        QVERIFY(!model.nextExpiry());
    }

    void whatVanishedIsNotShownAsActive_data()
    {
        QTest::addColumn<QList<LocationState>>("places");
        QTest::addColumn<bool>("expired");
        QTest::addColumn<QString>("state");
        QTest::addColumn<StateMark>("mark");
        QTest::addColumn<QString>("stored");
        using enum LocationState;
        QTest::newRow("present") << QList{Present} << false << u"Active"_s << StateMark::Good
                                 << u"place0"_s;
        QTest::newRow("missing") << QList{Missing} << false << u"Image missing"_s
                                 << StateMark::Warning << u"place0 (missing)"_s;
        QTest::newRow("missing at one of two") << QList{Missing, Present} << false << u"Active"_s
                                               << StateMark::Good << u"place0 (missing), place1"_s;
        QTest::newRow("another image under its name")
            << QList{Drifted} << false << u"Image missing"_s << StateMark::Warning
            << u"place0 (drifted)"_s;
        QTest::newRow("not yet in a registry, gone from the engine")
            << QList{Uploading, Missing} << false << u"Image missing"_s << StateMark::Warning
            << u"place0 (uploading), place1 (missing)"_s;
        QTest::newRow("nowhere") << QList<LocationState>() << false << u"Image missing"_s
                                 << StateMark::Warning << noValueText();
        QTest::newRow("expired") << QList{Present} << true << u"Expired"_s << StateMark::Expired
                                 << u"place0"_s;
        QTest::newRow("expired and missing")
            << QList{Missing} << true << u"Expired, image missing"_s << StateMark::Warning
            << u"place0 (missing)"_s;
    }
    void whatVanishedIsNotShownAsActive()
    {
        QFETCH(QList<LocationState>, places);
        QFETCH(bool, expired);
        Snapshot snapshot =
            expired ? sample::expiredSnapshot(u"one"_s) : sample::snapshot(u"one"_s);
        snapshot.locations.clear();
        for (const LocationState state : places) {
            Location location;
            location.place = u"place%1"_s.arg(snapshot.locations.size());
            location.state = state;
            snapshot.locations.append(location);
        }
        SnapshotTableModel model;
        model.setEngines({sample::engine(u"place0"_s), sample::engine(u"place1"_s)});
        model.setRows({snapshot});
        model.setNow(sample::now);
        QTEST(text(model, 0, SnapshotColumn::State), "state");
        QTEST(mark(model, 0, SnapshotColumn::State), "mark");
        QTEST(text(model, 0, SnapshotColumn::Places), "stored");
    }

    void snapshotsOfASilentEngineAreMarkedAsOfWhenTheyWereTrue_data()
    {
        QTest::addColumn<SnapshotStatus>("status");
        QTest::addColumn<QStringList>("places"); // "local" answers, "lab" and "far" do not
        QTest::addColumn<QString>("state");
        using enum SnapshotStatus;
        const QString seen = u"as of "_s + momentText(sample::now - 40min);
        QTest::newRow("it answers") << Active << QStringList{u"local"_s} << u"Active"_s;
        QTest::newRow("silent") << Active << QStringList{u"lab"_s} << u"Active "_s + seen;
        QTest::newRow("one of two answers")
            << Active << QStringList{u"lab"_s, u"local"_s} << u"Active"_s;
        QTest::newRow("two are silent, the later word counts")
            << Active << QStringList{u"far"_s, u"lab"_s} << u"Active "_s + seen;
        QTest::newRow("never answered, so as of when it was made")
            << Active << QStringList{u"far"_s}
            << u"Active as of "_s + momentText(sample::now - 24h);
        QTest::newRow("an engine that nobody knows")
            << Active << QStringList{u"other"_s}
            << u"Active as of "_s + momentText(sample::now - 24h);
        QTest::newRow("gone where somebody answers, unknown elsewhere")
            << Active << QStringList{u"local!"_s, u"lab"_s} << u"Active "_s + seen;
        QTest::newRow("gone, as a silent engine had said")
            << Active << QStringList{u"lab!"_s} << u"Image missing "_s + seen;
        QTest::newRow("that it failed is in our own books")
            << Failed << QStringList{u"lab"_s} << u"Failed"_s;
        QTest::newRow("that it goes is in our own books")
            << Deleting << QStringList{u"lab"_s} << u"Deleting"_s;
    }
    void snapshotsOfASilentEngineAreMarkedAsOfWhenTheyWereTrue()
    {
        QFETCH(SnapshotStatus, status);
        QFETCH(QStringList, places);
        QFETCH(QString, state);
        Engine lab = sample::engine(u"lab"_s);
        lab.state = EngineState::Unreachable;
        lab.lastSeenAt = sample::now - 40min;
        Engine far = lab;
        far.name = EngineName::trusted(u"far"_s);
        far.lastSeenAt.reset();
        Snapshot snapshot = sample::snapshot(u"one"_s);
        snapshot.status = status;
        snapshot.locations.clear();
        for (QString place : places) {
            Location location;
            location.state = place.endsWith(u'!') ? LocationState::Missing : LocationState::Present;
            location.place = place.remove(u'!');
            snapshot.locations.append(location);
        }
        SnapshotTableModel model;
        model.setRows({snapshot});
        model.setNow(sample::now);
        model.setEngines({sample::engine(u"local"_s), lab, far});
        QCOMPARE(text(model, 0, SnapshotColumn::State), state);
        const bool isOfThePast = state.contains(u"as of"_s);
        QCOMPARE(mark(model, 0, SnapshotColumn::State) == StateMark::Unknown, isOfThePast);
        QCOMPARE(
            model.index(0, 0).data(MutedRole).toBool(),
            isOfThePast || status == SnapshotStatus::Deleting);

        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        lab.state = far.state = EngineState::Connected;
        model.setEngines({sample::engine(u"local"_s), lab, far, sample::engine(u"other"_s)});
        QCOMPARE(changes.count(), isOfThePast ? 1 : 0);
        QVERIFY(!model.shownAsOf(snapshot));
    }

    void aFailedSnapshotTellsWhatWentWrongAndWhen()
    {
        Snapshot failed = sample::snapshot(u"one"_s);
        failed.status = SnapshotStatus::Failed;
        failed.error = u"No space is left: commit"_s;
        failed.changedAt = sample::now - 90min;
        SnapshotTableModel model;
        RowFilterModel proxy(model, int(SnapshotColumn::State));
        model.setRows({failed, sample::snapshot(u"two"_s)});
        model.setNow(sample::now);
        QCOMPARE(text(model, 0, SnapshotColumn::Problem), failed.error);
        QCOMPARE(text(model, 1, SnapshotColumn::Problem), QString());
        QCOMPARE(
            model.index(0, int(SnapshotColumn::State)).data(Qt::ToolTipRole).toString(),
            u"Failed since %1\nNo space is left: commit"_s.arg(momentText(failed.changedAt)));
        proxy.setText(u"space"_s);
        QCOMPARE(proxy.rowCount(), 1);
        QCOMPARE(proxy.index(0, 0).data(IdRole).toString(), u"snap-one"_s);
    }

    void aStateBeginsWithWhatMadeIt()
    {
        Snapshot snapshot = sample::snapshot(u"one"_s);
        QCOMPARE(stateSince(snapshot, sample::now), snapshot.changedAt);
        snapshot.locations.first().state = LocationState::Missing;
        snapshot.locations.first().changedAt = sample::now - 5min;
        QCOMPARE(stateSince(snapshot, sample::now), sample::now - 5min);
        const Snapshot expired = sample::expiredSnapshot(u"old"_s);
        QCOMPARE(stateSince(expired, sample::now), sample::now - 48h);
    }

    void reasonsOfTheCleanupTellTimesAsTheUserReadsThem()
    {
        const QString moment = momentText(fromMilliseconds(1'700'000'000'000));
        QCOMPARE(
            reasonText(u"expired 2023-11-14 22:13:20 UTC: it was made 2023-11-14 22:13:20 UTC."_s),
            u"expired %1: it was made %1."_s.arg(moment));
        QCOMPARE(reasonText(u"it never expires"_s), u"it never expires"_s);
    }

    void enginesTellWhichAnswer()
    {
        EngineTableModel model;
        Engine dead = sample::engine(u"far"_s);
        dead.state = EngineState::Unreachable;
        dead.error = u"Nobody answers"_s;
        model.setRows({sample::engine(u"local"_s), dead});
        QCOMPARE(model.connected(), QSet<EngineName>{EngineName::trusted(u"local"_s)});
        using Column = EngineTableModel::Column;
        QCOMPARE(mark(model, 1, Column::State), StateMark::Failed);
        QCOMPARE(model.index(1, int(Column::State)).data(Qt::ToolTipRole).toString(), dead.error);
    }

    void enginesSayWhenTheyAreTriedNext_data()
    {
        QTest::addColumn<EngineState>("state");
        QTest::addColumn<std::optional<std::chrono::milliseconds>>("next");
        QTest::addColumn<QString>("words");
        using enum EngineState;
        using Next = std::optional<std::chrono::milliseconds>;
        QTest::newRow("connected") << Connected << Next() << u"Connected"_s;
        QTest::newRow("soon") << Unreachable << Next(7s)
                              << u"Reconnecting (next try in 7 seconds)"_s;
        QTest::newRow("sooner") << Unreachable << Next(6'001ms)
                                << u"Reconnecting (next try in 7 seconds)"_s;
        QTest::newRow("at once") << Unreachable << Next(1ms)
                                 << u"Reconnecting (next try in 1 second)"_s;
        QTest::newRow("due") << Unreachable << Next(0ms) << u"Reconnecting (trying now)"_s;
        QTest::newRow("overdue") << Unreachable << Next(-5s) << u"Reconnecting (trying now)"_s;
        QTest::newRow("nobody tries") << Unreachable << Next() << u"Unreachable"_s;
        QTest::newRow("too old") << Unsupported << Next(7s) << u"Unsupported version"_s;
    }
    void enginesSayWhenTheyAreTriedNext()
    {
        QFETCH(EngineState, state);
        QFETCH(std::optional<std::chrono::milliseconds>, next);
        Engine engine = sample::engine(u"far"_s);
        engine.state = state;
        if (next)
            engine.nextAttemptAt = sample::now + *next;
        QTEST(stateText(engine, sample::now), "words");
    }

    void enginesCountDownToTheNextTry()
    {
        EngineTableModel model;
        using Column = EngineTableModel::Column;
        Engine dead = sample::engine(u"far"_s);
        dead.state = EngineState::Unreachable;
        dead.lastSeenAt = sample::now - 40min;
        dead.nextAttemptAt = sample::now + 7s;
        model.setRows({sample::engine(u"local"_s)});
        QVERIFY(!model.isReconnecting());
        model.setRows({sample::engine(u"local"_s), dead});
        QVERIFY(model.isReconnecting());
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setNow(sample::now + 2s);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(text(model, 1, Column::State), u"Reconnecting (next try in 5 seconds)"_s);
        QVERIFY(text(model, 1, Column::LastSeen).endsWith(u"(40 minutes ago)"_s));
        QCOMPARE(text(model, 0, Column::LastSeen), u"now"_s);
    }
};

QTEST_MAIN(StatesTest)
#include "tst_states.moc"
