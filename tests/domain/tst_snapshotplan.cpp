#include "services/domain/snapshotplan.h"

#include <QTest>

#include <limits>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

using Name = SnapshotCheck::Name;
using Outcome = SnapshotCheck::Outcome;
using Bytes = std::optional<qint64>;

constexpr qint64 largest = std::numeric_limits<qint64>::max();

Outcome outcomeOf(const SnapshotPlan &plan, Name name)
{
    for (const SnapshotCheck &check : plan.checks()) {
        if (check.name == name)
            return check.outcome;
    }
    qFatal("there is no such check");
}

} // namespace

class SnapshotPlanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spaceByTable_data()
    {
        QTest::addColumn<Bytes>("changed");
        QTest::addColumn<Bytes>("free");
        QTest::addColumn<Outcome>("outcome");
        QTest::newRow("much") << Bytes(100) << Bytes(10'000) << Outcome::Passed;
        QTest::newRow("just enough") << Bytes(100) << Bytes(300) << Outcome::Passed;
        QTest::newRow("one less") << Bytes(100) << Bytes(299) << Outcome::Failed;
        QTest::newRow("nothing changed") << Bytes(0) << Bytes(0) << Outcome::Passed;
        QTest::newRow("full") << Bytes(1) << Bytes(0) << Outcome::Failed;
        QTest::newRow("engine elsewhere") << Bytes(100) << Bytes() << Outcome::Unknown;
        QTest::newRow("not counted") << Bytes() << Bytes(100) << Outcome::Unknown;
        QTest::newRow("absurd") << Bytes(largest) << Bytes(largest - 3) << Outcome::Failed;
        QTest::newRow("counted wrong") << Bytes(-1) << Bytes(0) << Outcome::Passed;
    }
    void spaceByTable()
    {
        QFETCH(Bytes, changed);
        QFETCH(Bytes, free);
        SnapshotPlan plan;
        plan.layers = 1;
        plan.changedBytes = changed;
        plan.freeBytes = free;
        QTEST(outcomeOf(plan, Name::FreeSpace), "outcome");
        const Done refused = plan.refuseFailedChecks();
        QCOMPARE(refused.has_value(), outcomeOf(plan, Name::FreeSpace) != Outcome::Failed);
        if (!refused)
            QCOMPARE(refused.error().kind, ErrorKind::StorageFull);
    }

    void layersByTable_data()
    {
        QTest::addColumn<std::optional<int>>("layers");
        QTest::addColumn<Outcome>("depth");
        QTest::addColumn<Outcome>("baseImage");
        using Layers = std::optional<int>;
        QTest::newRow("one") << Layers(1) << Outcome::Passed << Outcome::Passed;
        QTest::newRow("some") << Layers(99) << Outcome::Passed << Outcome::Passed;
        QTest::newRow("many") << Layers(100) << Outcome::Warning << Outcome::Passed;
        QTest::newRow("one left") << Layers(124) << Outcome::Warning << Outcome::Passed;
        QTest::newRow("at the limit") << Layers(125) << Outcome::Failed << Outcome::Passed;
        QTest::newRow("image gone") << Layers() << Outcome::Unknown << Outcome::Warning;
    }
    void layersByTable()
    {
        QFETCH(std::optional<int>, layers);
        SnapshotPlan plan;
        plan.layers = layers;
        QTEST(outcomeOf(plan, Name::LayerDepth), "depth");
        QTEST(outcomeOf(plan, Name::BaseImage), "baseImage");
    }

    void refusalSaysWhatIsWrongAndWhatToDo()
    {
        SnapshotPlan plan;
        plan.engine = EngineName::trusted(u"lab"_s);
        plan.layers = 125;
        const Done deep = plan.refuseFailedChecks();
        QCOMPARE(deep.error().kind, ErrorKind::Conflict);
        for (const QString &part : {u"125"_s, u"docker export"_s})
            QVERIFY2(deep.error().detail.contains(part), qPrintable(deep.error().detail));

        plan.changedBytes = 1024LL * 1024 * 1024;
        plan.freeBytes = 512LL * 1024 * 1024;
        const Done full = plan.refuseFailedChecks();
        QCOMPARE(full.error().kind, ErrorKind::StorageFull);
        for (const QString &part : {u"1.00 GiB"_s, u"512.00 MiB"_s, u"engine lab"_s})
            QVERIFY2(full.error().detail.contains(part), qPrintable(full.error().detail));
    }
};

QTEST_GUILESS_MAIN(SnapshotPlanTest)
#include "tst_snapshotplan.moc"
