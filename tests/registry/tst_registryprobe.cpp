#include "services/registry/registryprobe.h"
#include "tests/registry/registryrig.h"

#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

/// "reach passed, trust skipped, …".
QString outcomes(const RegistryProbe &probe)
{
    QStringList parts;
    for (const ProbeResult &result : probe.results)
        parts.append(nameOf(result.step) + u' ' + nameOf(result.outcome));
    return parts.join(u", "_s);
}

const QString everythingElseSkipped =
    u"pull skipped, push skipped, delete skipped, catalog skipped"_s;

} // namespace

class RegistryProbeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyStepSaysWhetherItIsAllowed_data()
    {
        QTest::addColumn<QStringList>("variant");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("expected");
        QTest::newRow("no login is wanted")
            << QStringList{u"plain"_s} << u""_s
            << u"reach passed, trust skipped, login passed, pull passed, push passed, "
               "delete passed, catalog passed"_s;
        QTest::newRow("deletion is disabled")
            << QStringList{u"plain"_s, u"delete=off"_s} << u""_s
            << u"reach passed, trust skipped, login passed, pull passed, push passed, "
               "delete failed, catalog passed"_s;
        QTest::newRow("a password over TLS")
            << QStringList{u"login"_s} << u"alice"_s
            << u"reach passed, trust passed, login passed, pull passed, push passed, "
               "delete passed, catalog passed"_s;
        QTest::newRow("a wrong password")
            << QStringList{u"login"_s} << u"stranger"_s
            << u"reach passed, trust passed, login failed, "_s + everythingElseSkipped;
        QTest::newRow("a missing password")
            << QStringList{u"login"_s} << u""_s
            << u"reach passed, trust passed, login failed, "_s + everythingElseSkipped;
        QTest::newRow("tokens for everything")
            << QStringList{u"token"_s} << u"alice"_s
            << u"reach passed, trust skipped, login passed, pull passed, push passed, "
               "delete passed, catalog passed"_s;
        QTest::newRow("tokens for reading")
            << QStringList{u"token"_s} << u"robot"_s
            << u"reach passed, trust skipped, login passed, pull passed, push failed, "
               "delete failed, catalog failed"_s;
    }
    void everyStepSaysWhetherItIsAllowed()
    {
        QFETCH(const QStringList, variant);
        QFETCH(const QString, user);
        QFETCH(const QString, expected);
        RegistryRig registry(variant);
        std::optional<Credential> credential;
        if (user == "alice"_L1)
            credential = alice();
        else if (user == "robot"_L1)
            credential = robot();
        else if (!user.isEmpty())
            credential = Credential{user, Secret("wrong"), {}};
        const RegistryProbe probe = probeRegistry(registry.description(), credential);
        QCOMPARE(outcomes(probe), expected);
        QCOMPARE(registry.openUploads(), 0);
        if (expected.contains("delete passed"_L1))
            QCOMPARE(probe.deletes, std::optional(true));
        if (variant.contains(u"delete=off"_s)) {
            QCOMPARE(probe.deletes, std::optional(false));
            QCOMPARE(probe.of(ProbeStep::Delete).error->kind, ErrorKind::Unsupported);
        }
        if (user == "robot"_L1)
            QCOMPARE(probe.of(ProbeStep::Push).error->kind, ErrorKind::PermissionDenied);
        QCOMPARE(probe.isUsable(), expected.contains("push passed"_L1));
    }

    void nothingChangesAtTheRegistry()
    {
        RegistryRig registry({u"plain"_s});
        const QByteArray bytes = registry.putImage(u"v1"_s, "layer");
        (void)probeRegistry(registry.description(), {});
        RegistryClient client(registry.description(), {});
        QCOMPARE(client.tags().value_or(QStringList()), QStringList{u"v1"_s});
        QCOMPARE(client.manifest(u"v1"_s).value_or(Manifest()).bytes, bytes);
        QCOMPARE(registry.openUploads(), 0);
    }

    void aCertificateThatNobodyVouchesForIsTold()
    {
        RegistryRig registry({u"login"_s});
        Registry description = registry.description();
        description.authoritiesFile.clear();
        const RegistryProbe probe = probeRegistry(description, alice());
        QCOMPARE(
            outcomes(probe),
            u"reach passed, trust failed, login skipped, "_s + everythingElseSkipped);
        QCOMPARE(probe.of(ProbeStep::Trust).error->kind, ErrorKind::Untrusted);
        QCOMPARE(probe.deletes, std::nullopt);
    }

    void nobodyThereIsTold_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("a closed port") << u"127.0.0.1:1"_s;
        QTest::newRow("an unknown name") << u"nobody.invalid"_s;
    }
    void nobodyThereIsTold()
    {
        QFETCH(const QString, host);
        Registry description;
        description.host = host;
        description.repository = u"team/snapshots"_s;
        const RegistryProbe probe = probeRegistry(description, {});
        QCOMPARE(
            outcomes(probe),
            u"reach failed, trust skipped, login skipped, "_s + everythingElseSkipped);
        QCOMPARE(probe.of(ProbeStep::Reach).error->kind, ErrorKind::Unreachable);
    }

    void whatIsNotTestedAfterCancellingIsSkipped()
    {
        CancelToken cancel;
        cancel.cancel();
        Registry description;
        description.host = u"127.0.0.1:1"_s;
        description.repository = u"team/snapshots"_s;
        const RegistryProbe probe = probeRegistry(description, {}, cancel);
        QCOMPARE(probe.of(ProbeStep::Push).outcome, ProbeOutcome::Skipped);
        QCOMPARE(probe.of(ProbeStep::Push).detail, u"cancelled"_s);
    }
};

QTEST_GUILESS_MAIN(RegistryProbeTest)
#include "tst_registryprobe.moc"
