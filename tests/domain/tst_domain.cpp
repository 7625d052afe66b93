#include "services/domain/engine.h"
#include "services/domain/imagereference.h"
#include "services/domain/labels.h"
#include "services/domain/operation.h"
#include "services/domain/provenance.h"
#include "services/domain/snapshot.h"
#include "services/domain/ttl.h"
#include "tests/domain/samples.h"

#include <QJsonArray>
#include <QTest>

#include <limits>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 largest = std::numeric_limits<qint64>::max();
constexpr qint64 smallest = std::numeric_limits<qint64>::min();

Sandbox labelledSandbox()
{
    Sandbox sandbox;
    sandbox.id = SandboxId::trusted(u"sb-1"_s);
    sandbox.namespaceName = NamespaceName::trusted(u"team"_s);
    sandbox.displayName = u"Käse \"1\""_s;
    sandbox.createdAt = fromMilliseconds(1'700'000'000'123);
    sandbox.restoredFrom = SnapshotId::trusted(u"snap-0"_s);
    sandbox.config.image = u"base:1"_s;
    sandbox.config.timeoutSeconds = 60;
    sandbox.config.secretNames = {u"TOKEN"_s};
    return sandbox;
}

Snapshot labelledSnapshot()
{
    Snapshot snapshot = activeSnapshot();
    snapshot.sandbox = labelledSandbox().id;
    snapshot.namespaceName = labelledSandbox().namespaceName;
    snapshot.createdAt = fromMilliseconds(1'700'000'100'456);
    snapshot.ttlSeconds = 3600;
    snapshot.tag = u"golden"_s;
    snapshot.note = u"before\nthe upgrade"_s;
    snapshot.pause = PauseDuringCommit::No;
    snapshot.parent = labelledSandbox().restoredFrom;
    snapshot.config = labelledSandbox().config;
    snapshot.locations.clear();
    return snapshot;
}

} // namespace

class DomainTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void expiryByTable_data()
    {
        QTest::addColumn<qint64>("created");
        QTest::addColumn<qint64>("ttl");
        QTest::addColumn<qint64>("now");
        QTest::addColumn<bool>("expired");
        QTest::newRow("one second before")
            << qint64(5'000) << qint64(10) << qint64(14'000) << false;
        QTest::newRow("one millisecond before")
            << qint64(5'000) << qint64(10) << qint64(14'999) << false;
        QTest::newRow("at the TTL") << qint64(5'000) << qint64(10) << qint64(15'000) << true;
        QTest::newRow("one second after") << qint64(5'000) << qint64(10) << qint64(16'000) << true;
        QTest::newRow("zero is never") << qint64(0) << qint64(0) << largest << false;
        QTest::newRow("clock stepped back") << qint64(5'000) << qint64(1) << qint64(0) << false;
        QTest::newRow("clock before the epoch") << qint64(5'000) << qint64(1) << smallest << false;
        QTest::newRow("same moment") << qint64(5'000) << qint64(1) << qint64(5'000) << false;
        QTest::newRow("largest TTL") << qint64(0) << largest << largest << false;
        QTest::newRow("longest age") << smallest << qint64(1) << largest << true;
        QTest::newRow("longest age, largest TTL") << smallest << largest << largest << false;
        QTest::newRow("negative TTL never comes from validation")
            << qint64(0) << qint64(-1) << largest << false;
    }

    void expiryByTable()
    {
        QFETCH(qint64, created);
        QFETCH(qint64, ttl);
        QFETCH(qint64, now);
        QTEST(isExpired(fromMilliseconds(created), ttl, fromMilliseconds(now)), "expired");
    }

    void expiryDateAgreesWithTheRule()
    {
        QCOMPARE(expiryOf(fromMilliseconds(1'000), 10), fromMilliseconds(11'000));
        QVERIFY(!expiryOf(fromMilliseconds(1'000), 0));
        QVERIFY(!expiryOf(fromMilliseconds(1'000), largest));
        QVERIFY(!expiryOf(fromMilliseconds(largest), 1));
        const Timestamp expiry = *expiryOf(fromMilliseconds(1'234), defaultTtlSeconds);
        QVERIFY(isExpired(fromMilliseconds(1'234), defaultTtlSeconds, expiry));
        QVERIFY(!isExpired(
            fromMilliseconds(1'234), defaultTtlSeconds, expiry - std::chrono::milliseconds(1)));
    }

    void ttlIsValidated()
    {
        const Timestamp now = fromMilliseconds(1'700'000'000'000);
        QVERIFY(validateTtl(0, now));
        QVERIFY(validateTtl(defaultTtlSeconds, now));
        QVERIFY(!validateTtl(-1, now));
        QVERIFY(!validateTtl(largest, now));
        QVERIFY(validateTtl(7'900LL * 365 * 86'400, now));
    }

    void tagsAreValidated()
    {
        QVERIFY(validateTag(u"v1.0_a-b"_s));
        QVERIFY(validateTag(QString(128, u'a')));
        for (const QString &bad :
             {u""_s,
              u"-a"_s,
              u".a"_s,
              u"a b"_s,
              u"a/b"_s,
              u"a:b"_s,
              u"ä"_s,
              u"a\n"_s,
              QString(129, u'a')})
            QVERIFY2(!validateTag(bad), qPrintable(bad));
    }

    void imageReferencesAreValidated()
    {
        for (const QString &good :
             {u"busybox"_s,
              u"busybox:1.36"_s,
              u"localhost:5000/a/b:c"_s,
              u"a/b__c.d-e"_s,
              u"sha256:"_s + QString(64, u'a'),
              u"busybox@sha256:"_s + QString(64, u'0')})
            QVERIFY2(validateImageReference(good), qPrintable(good));
        for (const QString &bad :
             {u""_s,
              u"../etc"_s,
              u"Busybox"_s,
              u"a b"_s,
              u"a:"_s,
              u"a?x=y"_s,
              u"a#b"_s,
              u"/a"_s,
              QString(600, u'a')})
            QVERIFY2(!validateImageReference(bad), qPrintable(bad));
    }

    void engineAddressesAreParsed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("normal");
        QTest::newRow("socket") << u"unix:///var/run/docker.sock"_s
                                << u"unix:///var/run/docker.sock"_s;
        QTest::newRow("tcp") << u"tcp://127.0.0.1:2375"_s << u"tcp://127.0.0.1:2375"_s;
        QTest::newRow("default port") << u"tcp://host"_s << u"tcp://host:2375"_s;
        QTest::newRow("IPv6") << u"tcp://[::1]:2375"_s << u"tcp://[::1]:2375"_s;
        QTest::newRow("ssh") << u"ssh://lab"_s << u"ssh://lab"_s;
        QTest::newRow("ssh, all said")
            << u"ssh://me@lab:22/run/docker.sock"_s << u"ssh://me@lab:22/run/docker.sock"_s;
        QTest::newRow("ssh option as host") << u"ssh://-oProxyCommand=x"_s << QString();
        QTest::newRow("ssh option as user") << u"ssh://-x@host"_s << QString();
        QTest::newRow("ssh with a shell's words") << u"ssh://host/a;b"_s << QString();
        QTest::newRow("ssh with a blank") << u"ssh://host/a%20b"_s << QString();
        QTest::newRow("ssh password") << u"ssh://me:secret@host"_s << QString();
        QTest::newRow("two slashes") << u"unix://var/run/docker.sock"_s << QString();
        QTest::newRow("other scheme") << u"http://host"_s << QString();
        QTest::newRow("nothing") << QString() << QString();
        QTest::newRow("no host") << u"tcp://"_s << QString();
        QTest::newRow("password") << u"tcp://a:b@host:1"_s << QString();
        QTest::newRow("path too long") << u"unix:///"_s + QString(200, u'a') << QString();
    }

    void engineAddressesAreParsed()
    {
        QFETCH(QString, text);
        QFETCH(QString, normal);
        const auto address = EngineAddress::parse(text);
        QCOMPARE(bool(address), !normal.isEmpty());
        if (address)
            QCOMPARE(address->text(), normal);
        else
            QCOMPARE(address.error().kind, ErrorKind::InvalidArgument);
    }

    /// The table of the design, section 6.
    /// Every pair of status and event: what is not in the table is refused.
    void snapshotStatusByTable()
    {
        using S = SnapshotStatus;
        using E = SnapshotEvent;
        constexpr std::array events{
            E::Committed,
            E::CreationFailed,
            E::RetryAsked,
            E::DeletionAsked,
            E::DeletionGivenUp,
            E::DismissalGivenUp,
            E::Removed,
        };
        const auto refused = QString();
        const auto gone = u"gone"_s;
        const QMap<S, QStringList> expected{
            {S::Creating, {u"active"_s, u"failed"_s, refused, refused, refused, refused, refused}},
            {S::Active, {refused, refused, refused, u"deleting"_s, refused, refused, refused}},
            {S::Deleting, {refused, refused, refused, refused, u"active"_s, u"failed"_s, gone}},
            {S::Failed,
             {refused, refused, u"creating"_s, u"deleting"_s, refused, refused, refused}},
        };
        for (auto it = expected.begin(); it != expected.end(); ++it) {
            for (std::size_t i = 0; i < events.size(); ++i) {
                const SnapshotTransition *transition = transitionOf(it.key(), events.at(i));
                const QString actual = transition == nullptr ? refused
                    : transition->to                         ? nameOf(*transition->to)
                                                             : gone;
                QVERIFY2(
                    actual == it->at(qsizetype(i)),
                    qPrintable(u"%1, event %2: %3"_s.arg(nameOf(it.key())).arg(i).arg(actual)));
            }
        }
    }

    void configurationSurvivesItsJson()
    {
        SandboxConfig config;
        config.image = u"base:1"_s;
        config.container = {{u"Cmd"_s, QJsonArray{u"sleep"_s, u"1"_s}}, {u"User"_s, u"nobody"_s}};
        config.host = {{u"Memory"_s, 64LL << 20}, {u"NanoCpus"_s, 500'000'000}};
        config.timeoutSeconds = 60;
        config.secretNames = {u"TOKEN"_s};
        QCOMPARE(SandboxConfig::fromJson(config.toJson()).value(), config);
        QCOMPARE(config.cpus(), 0.5);
        QCOMPARE(config.memoryBytes(), 64LL << 20);
        QCOMPARE(config.command(), (QStringList{u"sleep"_s, u"1"_s}));
        QCOMPARE(config.restartPolicy(), u"no"_s);
        QVERIFY(!SandboxConfig::fromJson("nonsense"));
    }

    /// Facts C7 and C8: a label cannot be removed, so each side must override all of the other's.
    void containerAndImageLabelsOverrideEachOther()
    {
        Sandbox sandbox;
        sandbox.id = SandboxId::trusted(u"sb-new"_s);
        const Labels onContainer = containerLabels(sandbox);
        const Labels onImage = imageLabels(activeSnapshot(), sandbox, 1);
        for (const QString &name : onImage.keys())
            QVERIFY2(onContainer.contains(name), qPrintable(name));
        for (const QString &name : onContainer.keys())
            QVERIFY2(onImage.contains(name), qPrintable(name));
        QCOMPARE(onImage.value(label::sandboxId), QString());
        QCOMPARE(onContainer.value(label::snapshotId), QString());
        QCOMPARE(foreignLabels(onContainer), Labels());
    }

    void provenanceSurvivesTheLabels()
    {
        const Sandbox sandbox = labelledSandbox();
        Snapshot snapshot = labelledSnapshot();
        const auto read = snapshotFrom(imageLabels(snapshot, sandbox, 1000));
        QVERIFY2(read, read ? "" : qPrintable(read.error().summary()));
        snapshot.changedAt = snapshot.createdAt;
        QCOMPARE(read->snapshot, snapshot);
        QCOMPARE(read->baseBytes, 1000);
        QCOMPARE(read->sandbox.id, snapshot.sandbox);
        QCOMPARE(read->sandbox.displayName, sandbox.displayName);
        QCOMPARE(read->sandbox.createdAt, sandbox.createdAt);
        QVERIFY(!snapshotFrom(imageLabels(snapshot, sandbox, {}))->baseBytes);

        const Sandbox back = sandboxFrom(containerLabels(sandbox)).value();
        QCOMPARE(back.id, sandbox.id);
        QCOMPARE(back.displayName, sandbox.displayName);
        QCOMPARE(back.restoredFrom, sandbox.restoredFrom);
        QCOMPARE(back.config.image, sandbox.config.image);
        QCOMPARE(back.config.timeoutSeconds, sandbox.config.timeoutSeconds);
        QCOMPARE(back.config.secretNames, sandbox.config.secretNames);
    }

    void brokenLabelsAreRefused_data()
    {
        QTest::addColumn<QLatin1StringView>("name");
        QTest::addColumn<QString>("value");
        int number = 0;
        const auto row = [&number](QLatin1StringView name, const QString &value) {
            QTest::addRow("%d %s", ++number, name.data()) << name << value;
        };
        row(label::snapshotId, u""_s);
        row(label::snapshotId, u"snap-../x"_s);
        row(label::snapshotSandbox, u"sb-A"_s);
        row(label::namespaceName, u"a b"_s);
        row(label::snapshotEngine, u"a/b"_s);
        row(label::sandboxName, QString(129, u'a'));
        row(label::sandboxCreated, u""_s);
        row(label::snapshotCreated, u"yesterday"_s);
        row(label::snapshotCreated, u"-1"_s);
        row(label::snapshotCreated, u"1e9"_s);
        row(label::snapshotCreated, u"9223372036854775807"_s);
        row(label::snapshotCreated, u"9223372036854775808"_s);
        row(label::snapshotTtl, u"-60"_s);
        row(label::snapshotTtl, u"9223372036854775807"_s);
        row(label::snapshotTag, u"a b"_s);
        row(label::snapshotNote, QString(4097, u'a'));
        row(label::snapshotBaseBytes, u"-5"_s);
        row(label::snapshotParent, u"sb-1"_s);
        row(label::snapshotConfig, u""_s);
        row(label::snapshotConfig, u"[]"_s);
        row(label::snapshotConfig, u"{\"image\": 1}"_s);
        const QString whole = u"{\"image\":\"%1\",\"container\":{},\"host\":{},"
                              u"\"timeout_secs\":%2,\"secret_names\":[\"%3\"]}"_s;
        row(label::snapshotConfig, whole.arg(u"../x"_s, u"0"_s, u"A"_s));
        row(label::snapshotConfig, whole.arg(u"a:1"_s, u"-1"_s, u"A"_s));
        row(label::snapshotConfig, whole.arg(u"a:1"_s, u"0"_s, u"A B"_s));
        row(label::snapshotConfig, whole.arg(QString(1024 * 1024, u'a'), u"0"_s, u"A"_s));
    }

    void brokenLabelsAreRefused()
    {
        QFETCH(QLatin1StringView, name);
        QFETCH(QString, value);
        Labels labels = imageLabels(labelledSnapshot(), labelledSandbox(), 1000);
        QVERIFY(snapshotFrom(labels));
        labels.insert(name, value);
        const auto refused = snapshotFrom(labels);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::InvalidArgument);
        QVERIFY(refused.error().detail.contains(name));
    }

    void displayNamesArePrintableAndShort()
    {
        QVERIFY(checkDisplayName({}));
        QVERIFY(checkDisplayName(u"Käse 1"_s));
        QVERIFY(checkDisplayName(QString(128, u'a')));
        QVERIFY(!checkDisplayName(QString(129, u'a')));
        QVERIFY(!checkDisplayName(u"a\nb"_s));
    }

    void statusNamesAreFixed()
    {
        QCOMPARE(nameOf(SnapshotStatus::Creating), u"creating"_s);
        QCOMPARE(nameOf(SnapshotStatus::Active), u"active"_s);
        QCOMPARE(nameOf(SnapshotStatus::Deleting), u"deleting"_s);
        QCOMPARE(nameOf(SnapshotStatus::Failed), u"failed"_s);
        QVERIFY(!snapshotStatusFrom(u"gone"_s));
        for (int i = 0; i <= int(SandboxStatus::Released); ++i)
            QCOMPARE(sandboxStatusFrom(nameOf(SandboxStatus(i))), SandboxStatus(i));
        for (int i = 0; i <= int(OperationState::Cancelled); ++i)
            QCOMPARE(operationStateFrom(nameOf(OperationState(i))), OperationState(i));
        for (int i = 0; i <= int(OperationKind::DeleteSnapshot); ++i)
            QCOMPARE(operationKindFrom(nameOf(OperationKind(i))), OperationKind(i));
        for (int i = 0; i <= int(LocationState::Failed); ++i)
            QCOMPARE(locationStateFrom(nameOf(LocationState(i))), LocationState(i));
        for (int i = 0; i <= int(EngineState::Unsupported); ++i)
            QCOMPARE(engineStateFrom(nameOf(EngineState(i))), EngineState(i));
    }
};

QTEST_GUILESS_MAIN(DomainTest)
#include "tst_domain.moc"
