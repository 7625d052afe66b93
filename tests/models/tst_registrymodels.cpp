#include "models/operationtablemodel.h"
#include "models/presence.h"
#include "models/registrytablemodel.h"
#include "models/registrywords.h"
#include "models/transferwords.h"
#include "models/valuewords.h"
#include "tests/models/samples.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace sandglass;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

using Column = RegistryTableModel::Column;

QString text(const QAbstractItemModel &model, int row, auto column)
{
    return model.index(row, int(column)).data().toString();
}

StateMark mark(const QAbstractItemModel &model, int row, auto column)
{
    return StateMark(model.index(row, int(column)).data(StateRole).toInt());
}

Engine silentEngine()
{
    Engine engine = sample::engine(u"lab"_s);
    engine.state = EngineState::Unreachable;
    engine.lastSeenAt = sample::now - 1h;
    return engine;
}

Registry silentRegistry()
{
    Registry registry = sample::registry(u"hub"_s);
    registry.error = u"Nobody answers."_s;
    registry.lastSeenAt = sample::now - 1h;
    return registry;
}

} // namespace

/// Registries, places and transfers as people see them.
class RegistryModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void registriesComeChangeAndGo()
    {
        RegistryTableModel model;
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setNow(sample::now);
        Registry hub = sample::registry(u"hub"_s);
        model.setRows({hub, sample::registry(u"lab"_s)});
        QCOMPARE(text(model, 0, Column::Where), u"hub.example.com/team/snapshots"_s);
        QCOMPARE(text(model, 0, Column::Namespaces), u"default"_s);
        QCOMPARE(text(model, 0, Column::Credentials), u"none"_s);
        QCOMPARE(mark(model, 0, Column::State), StateMark::Good);
        hub.credentialSource = CredentialSource::Keychain;
        hub.username = u"ann"_s;
        hub.error = u"Nobody answers."_s;
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.upsert({hub});
        QCOMPARE(changes.count(), 1);
        QCOMPARE(text(model, 0, Column::Credentials), u"keychain, user ann"_s);
        QCOMPARE(mark(model, 0, Column::State), StateMark::Failed);
        QCOMPARE(model.index(0, int(Column::State)).data(Qt::ToolTipRole).toString(), hub.error);
        model.remove({hub.name});
        QCOMPARE(model.rowCount(), 1);
    }

    void aPauseEndsAsTimePasses()
    {
        RegistryTableModel model;
        Registry hub = sample::registry(u"hub"_s);
        hub.pausedUntil = sample::now + 60s;
        model.setNow(sample::now);
        model.setRows({hub});
        QCOMPARE(mark(model, 0, Column::State), StateMark::Paused);
        QVERIFY(text(model, 0, Column::State).startsWith(u"Paused until"_s));
        QCOMPARE(model.nextResume(), hub.pausedUntil);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setNow(sample::now + 60s);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(text(model, 0, Column::State), u"Answers"_s);
        QVERIFY(!model.nextResume());
    }

    void aPlaceTellsItsState_data()
    {
        QTest::addColumn<Location>("location");
        QTest::addColumn<StateMark>("mark");
        QTest::addColumn<QString>("line");
        const SnapshotId id = sample::snapshot(u"one"_s).id;
        const Location base = sample::registryLocation(id, u"hub"_s);
        const auto inState = [&base](LocationState state, const QString &error = {}) {
            Location location = base;
            location.state = state;
            location.error = error;
            return location;
        };
        QTest::newRow("present") << base << StateMark::Good
                                 << u"registry hub: present, checked 2 hours ago"_s;
        Location unchecked = base;
        unchecked.checkedAt = {};
        QTest::newRow("never checked")
            << unchecked << StateMark::Good << u"registry hub: present"_s;
        QTest::newRow("missing") << inState(LocationState::Missing) << StateMark::Warning
                                 << u"registry hub: missing"_s;
        QTest::newRow("drifted") << inState(LocationState::Drifted, u"sha256:ff is there"_s)
                                 << StateMark::Warning
                                 << u"registry hub: drifted: sha256:ff is there"_s;
        QTest::newRow("failed with its reason")
            << inState(LocationState::Failed, u"deletion is disabled"_s) << StateMark::Failed
            << u"registry hub: failed: deletion is disabled"_s;
        QTest::newRow("being removed") << inState(LocationState::Removing) << StateMark::Working
                                       << u"registry hub: removing"_s;
        QTest::newRow("on its way there") << inState(LocationState::Uploading) << StateMark::Working
                                          << u"registry hub: uploading, 50 %, 60.0 MiB of 120.0 "
                                             "MiB, 10.0 MiB/s, 6 seconds left"_s;
    }
    void aPlaceTellsItsState()
    {
        QFETCH(Location, location);
        Snapshot snapshot = sample::snapshot(u"one"_s);
        snapshot.locations = {location};
        const QList<Presence> places = presenceOf(
            snapshot,
            {},
            {sample::registry(u"hub"_s)},
            {sample::runningPush(u"1"_s, snapshot.id)},
            sample::now);
        QCOMPARE(places.size(), 1);
        QTEST(places.first().mark, "mark");
        QTEST(lineOf(places.first()), "line");
    }

    void everyEngineAndRegistryIsAPlace()
    {
        Snapshot snapshot = sample::snapshot(u"one"_s);
        snapshot.locations.append(sample::registryLocation(snapshot.id, u"forgotten"_s));
        const QList<Presence> places = presenceOf(
            snapshot,
            {sample::engine(u"local"_s), sample::engine(u"lab"_s)},
            {sample::registry(u"hub"_s)},
            {},
            sample::now);
        QStringList lines;
        for (const Presence &place : places)
            lines.append(lineOf(place).section(u" since"_s, 0, 0));
        QCOMPARE(
            lines,
            (QStringList{
                u"engine local: present"_s,
                u"engine lab: not there"_s,
                u"registry hub: not there"_s,
                u"registry forgotten: unknown"_s}));
    }

    void aSilentPlaceIsUnknownSinceItLastAnswered()
    {
        Snapshot snapshot = sample::snapshot(u"one"_s);
        snapshot.locations.first().place = u"lab"_s;
        snapshot.locations.append(sample::registryLocation(snapshot.id, u"hub"_s));
        const QList<Presence> places =
            presenceOf(snapshot, {silentEngine()}, {silentRegistry()}, {}, sample::now);
        QCOMPARE(places.size(), 2);
        const QString since = momentText(sample::now - 1h);
        for (const Presence &place : places) {
            QCOMPARE(place.mark, StateMark::Unknown);
            QCOMPARE(place.text, u"unknown since %1; was present"_s.arg(since));
        }
    }

    void progressIsToldAsFarAsItIsKnown_data()
    {
        QTest::addColumn<TransferProgress>("progress");
        QTest::addColumn<QString>("words");
        const TransferProgress whole =
            sample::runningPush(u"1"_s, sample::snapshot(u"one"_s).id).progress;
        TransferProgress noRate = whole;
        noRate.bytesPerSecond.reset();
        TransferProgress noTotal = whole;
        noTotal.layers.append({u"ffff"_s, LayerState::Waiting, 0, 0});
        QTest::newRow("nothing yet") << TransferProgress() << u""_s;
        QTest::newRow("all") << whole
                             << u"50 %, 60.0 MiB of 120.0 MiB, 10.0 MiB/s, 6 seconds left"_s;
        QTest::newRow("no rate") << noRate << u"50 %, 60.0 MiB of 120.0 MiB"_s;
        QTest::newRow("a layer of unknown size") << noTotal << u"60.0 MiB, 10.0 MiB/s"_s;
    }
    void progressIsToldAsFarAsItIsKnown()
    {
        QFETCH(TransferProgress, progress);
        QTEST(progressText(progress), "words");
    }

    void everyLayerIsALine()
    {
        const Operation push = sample::runningPush(u"1"_s, sample::snapshot(u"one"_s).id);
        QCOMPARE(
            layersText(push.progress),
            u"3d27a03c3cc7: already there\n8a2f01b9e410: done, 20.0 MiB\n"
            "c90d7745aa12: transferring, 40.0 MiB of 100.0 MiB"_s);
    }

    void aTransferHasABarWhileItWorks()
    {
        OperationTableModel model;
        using OperationColumn = OperationTableModel::Column;
        Operation push = sample::runningPush(u"1"_s, sample::snapshot(u"one"_s).id);
        model.setRows({push, sample::runningOperation(u"2"_s)});
        const auto portion = [&model](int row) {
            return model.index(row, int(OperationColumn::Progress)).data(PortionRole);
        };
        QCOMPARE(portion(0).toInt(), 500);
        QVERIFY(!portion(1).isValid());
        QCOMPARE(text(model, 1, OperationColumn::Progress), noValueText());
        push.state = OperationState::Succeeded;
        model.upsert({push});
        QVERIFY(!portion(0).isValid());
    }
};

QTEST_GUILESS_MAIN(RegistryModelsTest)
#include "tst_registrymodels.moc"
