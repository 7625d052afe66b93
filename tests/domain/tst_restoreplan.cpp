#include "services/domain/imagereference.h"
#include "services/domain/restoreplan.h"
#include "tests/domain/samples.h"

#include <QJsonArray>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

Engine connectedEngine(const QString &name)
{
    Engine engine;
    engine.name = EngineName::trusted(name);
    engine.state = EngineState::Connected;
    return engine;
}

} // namespace

/// The table of the design, section 6, and where the image comes from.
class RestorePlanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void restorePlanByTable_data()
    {
        QTest::addColumn<SnapshotStatus>("status");
        QTest::addColumn<bool>("expired");
        QTest::addColumn<bool>("force");
        QTest::addColumn<bool>("accepted");
        QTest::addColumn<bool>("fromSnapshot");
        QTest::addColumn<bool>("ttlExpired");
        QTest::newRow("fresh enough")
            << SnapshotStatus::Active << false << false << true << true << false;
        QTest::newRow("fresh enough, forced")
            << SnapshotStatus::Active << false << true << true << true << false;
        QTest::newRow("expired") << SnapshotStatus::Active << true << false << true << false
                                 << true;
        QTest::newRow("expired, forced")
            << SnapshotStatus::Active << true << true << true << true << true;
        QTest::newRow("creating") << SnapshotStatus::Creating << false << true << false << false
                                  << false;
        QTest::newRow("deleting") << SnapshotStatus::Deleting << false << true << false << false
                                  << false;
        QTest::newRow("failed") << SnapshotStatus::Failed << false << true << false << false
                                << false;
    }

    void restorePlanByTable()
    {
        QFETCH(SnapshotStatus, status);
        QFETCH(bool, expired);
        QFETCH(bool, force);
        QFETCH(bool, accepted);
        QFETCH(bool, fromSnapshot);
        QFETCH(bool, ttlExpired);

        Snapshot snapshot = activeSnapshot();
        snapshot.status = status;
        const RestoreWish wish{force ? ForceRestore::Yes : ForceRestore::No, {}};
        const auto plan = planRestore(
            snapshot,
            fromMilliseconds(expired ? 100'000 : 99'999),
            wish,
            {connectedEngine(u"a"_s)},
            {});
        QCOMPARE(bool(plan), accepted);
        if (!accepted) {
            QCOMPARE(plan.error().kind, ErrorKind::NotFound);
            QVERIFY(plan.error().detail.contains(nameOf(status)));
            return;
        }
        QCOMPARE(plan->fromSnapshot, fromSnapshot);
        QCOMPARE(plan->ttlExpired, ttlExpired);
        QCOMPARE(plan->forced, expired && force);
        QCOMPARE(plan->image, fromSnapshot ? snapshot.imageReference : u"base:1"_s);
        QVERIFY(plan->canRun());
    }

    void restorePlanNamesWhatWillBeMissing()
    {
        Snapshot snapshot = activeSnapshot();
        snapshot.config.secretNames = {u"TOKEN"_s};
        snapshot.config.container = {{u"Volumes"_s, QJsonObject{{u"/data"_s, QJsonObject{}}}}};
        snapshot.config.host = {
            {u"Binds"_s, QJsonArray{u"/host:/in:ro"_s, u"shared:/shared"_s}},
            {u"Tmpfs"_s, QJsonObject{{u"/tmp"_s, QString()}}},
        };
        const auto plan =
            planRestore(snapshot, fromMilliseconds(0), {}, {connectedEngine(u"a"_s)}, {});
        QVERIFY(plan);
        const QList<RestoreNotice> expected{
            {RestoreNotice::Kind::HostPath, u"/host"_s},
            {RestoreNotice::Kind::SharedVolume, u"shared"_s},
            {RestoreNotice::Kind::EmptyTmpfs, u"/tmp"_s},
            {RestoreNotice::Kind::NewEmptyVolume, u"/data"_s},
            {RestoreNotice::Kind::SecretMissing, u"TOKEN"_s},
        };
        QCOMPARE(plan->notices, expected);
    }

    void restorePlanRefusesWhatCannotWork()
    {
        const Snapshot snapshot = activeSnapshot();
        const RestoreWish elsewhere{ForceRestore::No, EngineName::trusted(u"b"_s)};
        const auto unknown =
            planRestore(snapshot, fromMilliseconds(0), elsewhere, {connectedEngine(u"a"_s)}, {});
        QCOMPARE(unknown.error().kind, ErrorKind::NotFound);

        const auto absent = planRestore(
            snapshot,
            fromMilliseconds(0),
            elsewhere,
            {connectedEngine(u"a"_s), connectedEngine(u"b"_s)},
            {});
        QVERIFY(absent);
        QVERIFY(!absent->canRun());

        Engine dead = connectedEngine(u"a"_s);
        dead.state = EngineState::Unreachable;
        QVERIFY(!planRestore(snapshot, fromMilliseconds(0), {}, {dead}, {})->canRun());
    }

    void restorePlanPullsFromTheNearestRegistryThatHasIt()
    {
        const auto registry = [](const QString &name) {
            Registry one;
            one.name = RegistryName::trusted(name);
            return one;
        };
        const auto at = [](const QString &place, LocationState state, const QString &digest) {
            Location location;
            location.kind = LocationKind::Registry;
            location.place = place;
            location.state = state;
            location.digest = digest;
            return location;
        };
        Snapshot snapshot = activeSnapshot();
        snapshot.locations += {
            at(u"gone"_s, LocationState::Missing, u"sha256:1"_s),
            at(u"other"_s, LocationState::Drifted, u"sha256:1"_s),
            at(u"far"_s, LocationState::Present, u"sha256:1"_s),
            at(u"near"_s, LocationState::Present, u"sha256:1"_s),
        };
        const QList<Registry> registries{
            registry(u"gone"_s), registry(u"other"_s), registry(u"near"_s), registry(u"far"_s)};
        Engine b = connectedEngine(u"b"_s);
        const QList<Engine> engines{connectedEngine(u"a"_s), b};
        const RestoreWish elsewhere{ForceRestore::No, b.name};

        const auto there = planRestore(snapshot, fromMilliseconds(0), {}, engines, registries);
        QVERIFY(there->canRun());
        QVERIFY(there->pullFrom.isEmpty()); // its engine has it

        const auto pulled =
            planRestore(snapshot, fromMilliseconds(0), elsewhere, engines, registries);
        QVERIFY(pulled->canRun());
        QCOMPARE(pulled->pullFrom.text(), u"near"_s);

        const auto nowhere =
            planRestore(snapshot, fromMilliseconds(0), elsewhere, engines, {registry(u"gone"_s)});
        QVERIFY(!nowhere->canRun());

        b.platform = u"linux/arm64"_s;
        Engine a = connectedEngine(u"a"_s);
        a.platform = u"linux/amd64"_s;
        const auto strange =
            planRestore(snapshot, fromMilliseconds(0), elsewhere, {a, b}, registries);
        QVERIFY(!strange->canRun());
    }
};

QTEST_APPLESS_MAIN(RestorePlanTest)
#include "tst_restoreplan.moc"
