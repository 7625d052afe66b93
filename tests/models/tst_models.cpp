#include "models/operationtablemodel.h"
#include "models/rowfilter.h"
#include "models/sandboxtablemodel.h"
#include "models/settingtablemodel.h"
#include "models/snapshottablemodel.h"
#include "models/valuewords.h"
#include "tests/models/samples.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QLocale>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace sandglass;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

using SnapshotColumn = SnapshotTableModel::Column;

Snapshot numbered(int number)
{
    Snapshot snapshot = sample::snapshot(QString::number(100'000 + number));
    snapshot.createdAt = sample::now - std::chrono::seconds(number);
    return snapshot;
}

QList<Snapshot> numberedUpTo(int count)
{
    QList<Snapshot> snapshots;
    for (int i = 0; i < count; ++i)
        snapshots.append(numbered(i));
    return snapshots;
}

QString text(const QAbstractItemModel &model, int row, auto column)
{
    return model.index(row, int(column)).data().toString();
}

QStringList ids(const QAbstractItemModel &model)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all.append(model.index(row, 0).data(IdRole).toString());
    return all;
}

} // namespace

class ModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void changesKeepTheRulesOfItemModels()
    {
        SnapshotTableModel model;
        RowFilterModel proxy(model, int(SnapshotColumn::State));
        proxy.sort(int(SnapshotColumn::Created), Qt::DescendingOrder);
        QAbstractItemModelTester source(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester sorted(
            &proxy, QAbstractItemModelTester::FailureReportingMode::QtTest);

        model.setRows(numberedUpTo(200));
        model.setNow(sample::now);
        QCOMPARE(proxy.rowCount(), 200);

        QList<Snapshot> changed;
        for (int i = 150; i < 250; ++i) {
            changed.append(numbered(i));
            changed.last().status = SnapshotStatus::Deleting;
        }
        model.upsert(changed);
        QCOMPARE(model.rowCount(), 250);
        model.remove(
            {numbered(3).id, numbered(4).id, numbered(9).id, SnapshotId::trusted(u"snap-x"_s)});
        QCOMPARE(model.rowCount(), 247);
        model.setRows(numberedUpTo(40));
        QCOMPARE(ids(proxy).first(), numbered(0).id.text());
        QCOMPARE(ids(proxy).last(), numbered(39).id.text());
        model.setRows({});
        QCOMPARE(proxy.rowCount(), 0);
    }

    void onlyRowsThatDifferAreToldAsChanged()
    {
        SnapshotTableModel model;
        model.setRows(numberedUpTo(10));
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);

        auto rows = numberedUpTo(10);
        rows[7].note = u"before the upgrade"_s;
        model.setRows(rows);

        QCOMPARE(changes.count(), 1);
        QCOMPARE(changes.at(0).at(0).toModelIndex().row(), 7);
        QCOMPARE(changes.at(0).at(1).toModelIndex().row(), 7);
        QCOMPARE(resets.count(), 0);
        QCOMPARE(inserts.count(), 0);
        QCOMPARE(model.find(rows.at(7).id)->note, rows.at(7).note);
    }

    void manyScatteredRemovalsAreOneAndKeepWhatIsSelected()
    {
        SnapshotTableModel model;
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(numberedUpTo(1000));
        const QPersistentModelIndex kept = model.index(501, 0);
        const QPersistentModelIndex removed = model.index(500, 0);
        QSignalSpy removals(&model, &QAbstractItemModel::rowsRemoved);
        QList<SnapshotId> even;
        for (int i = 0; i < 1000; i += 2)
            even.append(numbered(i).id);

        model.remove(even);

        QCOMPARE(removals.count(), 1);
        QCOMPARE(model.rowCount(), 500);
        QCOMPARE(kept.data(IdRole).toString(), numbered(501).id.text());
        QVERIFY(!removed.isValid());
        QVERIFY(!model.find(numbered(500).id));
        for (int i = 1; i < 1000; i += 2)
            QCOMPARE(model.find(numbered(i).id)->id, numbered(i).id);
    }

    void selectionAndScrollPositionSurviveARefresh()
    {
        SnapshotTableModel model;
        RowFilterModel proxy(model, int(SnapshotColumn::State));
        proxy.sort(int(SnapshotColumn::Snapshot), Qt::AscendingOrder);
        QTreeView view;
        view.setUniformRowHeights(true);
        view.setModel(&proxy);
        view.resize(600, 300);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        model.setRows(numberedUpTo(500));
        view.setCurrentIndex(proxy.index(250, 0));
        view.verticalScrollBar()->setValue(240);
        const int before = view.verticalScrollBar()->value();
        QVERIFY(before > 0);

        auto rows = numberedUpTo(500);
        for (Snapshot &snapshot : rows)
            snapshot.note = u"seen"_s;
        rows.removeAt(499);
        rows.append(numbered(700));
        model.setRows(rows);
        model.setNow(sample::now);

        QCOMPARE(view.currentIndex().data(IdRole).toString(), numbered(250).id.text());
        QVERIFY(view.selectionModel()->isRowSelected(250, {}));
        QCOMPARE(view.verticalScrollBar()->value(), before);
    }

    void tenThousandRowsLoadInOneInsertion()
    {
        SnapshotTableModel model;
        RowFilterModel proxy(model, int(SnapshotColumn::State));
        proxy.sort(int(SnapshotColumn::Created), Qt::DescendingOrder);
        QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        const auto rows = numberedUpTo(10'000);
        QElapsedTimer timer;
        timer.start();
        model.setRows(rows);
        qInfo("10,000 rows: %lld ms", timer.elapsed());
        QCOMPARE(inserts.count(), 1);
        QCOMPARE(proxy.rowCount(), 10'000);
        QCOMPARE(proxy.index(0, 0).data(IdRole).toString(), numbered(0).id.text());
    }

    void filterTakesRowsThatHoldEveryWord_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("wanted"); // -1: any state
        QTest::addColumn<bool>("passing");
        const int any = -1;
        const int failed = int(StateMark::Failed);
        QTest::newRow("no filter") << u""_s << any << true;
        QTest::newRow("one word") << u"web"_s << any << true;
        QTest::newRow("any case") << u"WEB"_s << any << true;
        QTest::newRow("part of a word") << u"usyb"_s << any << true;
        QTest::newRow("two words in any order") << u"busybox web"_s << any << true;
        QTest::newRow("only one of two words") << u"web postgres"_s << any << false;
        QTest::newRow("blanks only") << u"   "_s << any << true;
        QTest::newRow("across two fields") << u"web busybox:latest"_s << any << true;
        QTest::newRow("not across the border of fields") << u"webbusybox"_s << any << false;
        QTest::newRow("no pattern language") << u"w.b"_s << any << false;
        QTest::newRow("other state") << u"web"_s << failed << false;
        QTest::newRow("same state") << u"web"_s << int(StateMark::Good) << true;
    }
    void filterTakesRowsThatHoldEveryWord()
    {
        QFETCH(QString, text);
        QFETCH(int, wanted);
        QFETCH(bool, passing);
        RowFilter filter{text, std::nullopt};
        if (wanted >= 0)
            filter.mark = StateMark(wanted);
        QCOMPARE(passes(filter, u"web\nbusybox:latest"_s, StateMark::Good), passing);
    }

    void filterFollowsWhatRowsBecome()
    {
        SandboxTableModel model;
        RowFilterModel proxy(model, int(SandboxTableModel::Column::State));
        model.setLiveEngines({EngineName::trusted(u"local"_s)});
        Sandbox web = sample::sandbox(u"web"_s);
        model.setRows({web, sample::sandbox(u"db"_s)});
        proxy.setMark(StateMark::Good);
        QCOMPARE(proxy.rowCount(), 2);
        proxy.setText(u"web"_s);
        QCOMPARE(ids(proxy), QStringList{u"sb-web"_s});
        web.status = SandboxStatus::Stopped;
        model.upsert({web});
        QCOMPARE(proxy.rowCount(), 0);
        proxy.setMark(std::nullopt);
        QCOMPARE(proxy.rowCount(), 1);
    }

    void columnsSortByValueAndNotByText()
    {
        SnapshotTableModel model;
        RowFilterModel proxy(model, int(SnapshotColumn::State));
        Snapshot small = sample::snapshot(u"small"_s);
        small.sizeBytes = 900;
        Snapshot big = sample::snapshot(u"big"_s);
        big.sizeBytes = 1'000'000'000;
        big.ttlSeconds = 0;
        Snapshot unknown = sample::snapshot(u"unknown"_s);
        unknown.sizeBytes.reset();
        unknown.ttlSeconds = 5;
        model.setRows({big, unknown, small});
        proxy.sort(int(SnapshotColumn::Size), Qt::AscendingOrder);
        QCOMPARE(ids(proxy), (QStringList{u"snap-unknown"_s, u"snap-small"_s, u"snap-big"_s}));
        proxy.sort(int(SnapshotColumn::Expires), Qt::AscendingOrder);
        QCOMPARE(ids(proxy), (QStringList{u"snap-unknown"_s, u"snap-small"_s, u"snap-big"_s}));
    }

    void operationsTellTheirStepAndDuration()
    {
        OperationTableModel model;
        using Column = OperationTableModel::Column;
        model.setRows({sample::runningOperation(u"1"_s)});
        model.setNow(sample::now + 60s);
        model.setSandboxNames({{SandboxId::trusted(u"sb-web"_s), u"web"_s}});
        QCOMPARE(text(model, 0, Column::Kind), u"Create snapshot"_s);
        QCOMPARE(text(model, 0, Column::Subject), u"snap-new of web"_s);
        QCOMPARE(text(model, 0, Column::Step), u"commit (4 of 7)"_s);
        QCOMPARE(text(model, 0, Column::Duration), u"1 minute 19 seconds"_s);
        QCOMPARE(model.unfinishedCount(), 1);

        Operation done = sample::runningOperation(u"1"_s);
        done.state = OperationState::Succeeded;
        done.finishedAt = sample::now;
        model.upsert({done});
        QCOMPARE(text(model, 0, Column::Step), noValueText());
        QCOMPARE(text(model, 0, Column::Duration), u"19 seconds"_s);
        QCOMPARE(model.unfinishedCount(), 0);
    }

    void durationsHaveTwoUnits_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("words");
        QTest::newRow("negative") << qint64(-5) << u"0 seconds"_s;
        QTest::newRow("zero") << qint64(0) << u"0 seconds"_s;
        QTest::newRow("one second") << qint64(1) << u"1 second"_s;
        QTest::newRow("minute") << qint64(60) << u"1 minute"_s;
        QTest::newRow("minute and seconds") << qint64(83) << u"1 minute 23 seconds"_s;
        QTest::newRow("hour and seconds") << qint64(3605) << u"1 hour"_s;
        QTest::newRow("days") << qint64(2 * 86400 + 3 * 3600 + 59) << u"2 days 3 hours"_s;
    }
    void durationsHaveTwoUnits()
    {
        QFETCH(qint64, seconds);
        QTEST(durationText(std::chrono::seconds(seconds)), "words");
    }

    void distancesAndTtlsAreInWords()
    {
        QCOMPARE(durationText(300ms), u"under 1 second"_s);
        QCOMPARE(distanceText(sample::now + 49h, sample::now), u"in 2 days"_s);
        QCOMPARE(distanceText(sample::now - 90min, sample::now), u"1 hour ago"_s);
        QCOMPARE(distanceText(sample::now, sample::now), u"now"_s);
        QCOMPARE(ttlText(0), u"never expires"_s);
        QCOMPARE(settingText(Setting::TrashTime, 0), u"none: deleted at once"_s);
        QCOMPARE(ttlText(1'209'600), u"14 days"_s);
        QCOMPARE(ttlText(5400), u"90 minutes"_s);
        QCOMPARE(sizeText(148'897'792), u"142.0 MiB"_s);
        QCOMPARE(sizeText(std::nullopt), noValueText());
    }
};

QTEST_MAIN(ModelsTest)
#include "tst_models.moc"
