#include "services/domain/dockersettings.h"
#include "services/domain/enginewarnings.h"

#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

/// Where engines are, and what Docker's own client knows of them.
class EnginesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tlsGoesWithTcpOnly_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<TlsFiles>("files");
        QTest::addColumn<QString>("outcome"); // the address, or a word of the refusal
        const TlsFiles none;
        const TlsFiles all{u"/ca.pem"_s, u"/cert.pem"_s, u"/key.pem"_s};
        QTest::newRow("usual port") << u"tcp://lab"_s << all << u"tcp://lab:2376"_s;
        QTest::newRow("given port") << u"tcp://lab:1"_s << none << u"tcp://lab:1"_s;
        QTest::newRow("socket") << u"unix:///x"_s << none << u"TLS"_s;
        QTest::newRow("no key") << u"tcp://lab"_s << TlsFiles{{}, u"/cert.pem"_s, {}}
                                << u"belong"_s;
        QTest::newRow("no certificate")
            << u"tcp://lab"_s << TlsFiles{{}, {}, u"/key.pem"_s} << u"belong"_s;
        QTest::newRow("relative") << u"tcp://lab"_s << TlsFiles{u"ca.pem"_s, {}, {}} << u"whole"_s;
    }
    void tlsGoesWithTcpOnly()
    {
        QFETCH(const QString, text);
        QFETCH(const TlsFiles, files);
        QFETCH(const QString, outcome);
        const auto address = EngineAddress::parse(text, files);
        const QString answer = address ? address->text() : address.error().detail;
        QVERIFY2(address ? answer == outcome : answer.contains(outcome), qPrintable(answer));
        if (address)
            QCOMPARE(address->tls, files);
    }

    void plainTcpBeyondThisMachineIsWarnedOf_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("hasTls");
        QTest::addColumn<bool>("isWarned");
        QTest::newRow("socket") << u"unix:///x"_s << false << false;
        QTest::newRow("localhost") << u"tcp://localhost"_s << false << false;
        QTest::newRow("loopback") << u"tcp://127.1.2.3:1"_s << false << false;
        QTest::newRow("loopback 6") << u"tcp://[::1]:1"_s << false << false;
        QTest::newRow("name that looks so") << u"tcp://127.0.0.1.evil.net"_s << false << true;
        QTest::newRow("other host") << u"tcp://10.0.0.1"_s << false << true;
        QTest::newRow("all addresses") << u"tcp://0.0.0.0"_s << false << true;
        QTest::newRow("TLS") << u"tcp://10.0.0.1"_s << true << false;
    }
    void plainTcpBeyondThisMachineIsWarnedOf()
    {
        QFETCH(const QString, text);
        QFETCH(const bool, hasTls);
        QFETCH(const bool, isWarned);
        const auto tls = hasTls ? std::optional(TlsFiles()) : std::nullopt;
        const auto address = EngineAddress::parse(text, tls);
        QVERIFY(address);
        QCOMPARE(warningsFor(*address).isEmpty(), !isWarned);
    }

    void environmentNamesAnEngine_data()
    {
        QTest::addColumn<DockerEnvironment>("environment");
        QTest::addColumn<QString>("outcome");
        QTest::addColumn<std::optional<TlsFiles>>("tls");
        const QStringList files{u"ca.pem"_s, u"cert.pem"_s, u"key.pem"_s, u"other"_s};
        const std::optional<TlsFiles> none;
        QTest::newRow("nothing") << DockerEnvironment{} << u"unix:///var/run/docker.sock"_s << none;
        QTest::newRow("plain") << DockerEnvironment{u"tcp://host:1"_s, false, u"/c"_s, files}
                               << u"tcp://host:1"_s << none;
        QTest::newRow("TLS") << DockerEnvironment{u"tcp://host"_s, true, u"/c"_s, files}
                             << u"tcp://host:2376"_s
                             << std::optional(
                                    TlsFiles{u"/c/ca.pem"_s, u"/c/cert.pem"_s, u"/c/key.pem"_s});
        QTest::newRow("only authorities")
            << DockerEnvironment{u"tcp://host"_s, true, u"/c"_s, {u"ca.pem"_s}}
            << u"tcp://host:2376"_s << std::optional(TlsFiles{u"/c/ca.pem"_s, {}, {}});
        QTest::newRow("TLS, but a socket")
            << DockerEnvironment{u"unix:///x"_s, true, u"/c"_s, files} << u"unix:///x"_s << none;
        QTest::newRow("unknown scheme")
            << DockerEnvironment{u"ftp://host"_s, false, {}, {}} << u"DOCKER_HOST"_s << none;
    }
    void environmentNamesAnEngine()
    {
        QFETCH(const DockerEnvironment, environment);
        QFETCH(const QString, outcome);
        QFETCH(const std::optional<TlsFiles>, tls);
        const auto engine = engineOf(environment);
        const QString answer = engine ? engine->address.text() : engine.error().detail;
        QVERIFY2(answer.startsWith(outcome), qPrintable(answer));
        if (engine)
            QCOMPARE(engine->address.tls, tls);
    }

    void contextNamesAnEngine_data()
    {
        QTest::addColumn<QByteArray>("meta");
        QTest::addColumn<QString>("outcome"); // name and address, or a word of the refusal
        const auto with = [](const QByteArray &endpoint) {
            return "{\"Name\":\"lab\",\"Endpoints\":{\"docker\":" + endpoint + "}}";
        };
        QTest::newRow("TCP") << with("{\"Host\":\"tcp://lab:1\",\"SkipTLSVerify\":false}")
                             << u"lab tcp://lab:1"_s;
        QTest::newRow("does not verify")
            << with("{\"Host\":\"tcp://lab:1\",\"SkipTLSVerify\":true}") << u"does not check"_s;
        QTest::newRow("empty host") << with("{\"Host\":\"\"}") << u"names no engine"_s;
        QTest::newRow("named pipe") << with("{\"Host\":\"npipe:////x\"}") << u"not supported"_s;
        QTest::newRow("odd types") << with("[\"Host\"]") << u"names no engine"_s;
        QTest::newRow("no JSON") << QByteArray("{") << u""_s;
        QTest::newRow("empty") << QByteArray() << u""_s;
    }
    void contextNamesAnEngine()
    {
        QFETCH(const QByteArray, meta);
        QFETCH(const QString, outcome);
        const TlsFiles files{u"/ca.pem"_s, {}, {}};
        const auto engine = parseDockerContext(meta, files);
        const QString answer =
            engine ? engine->name + u' ' + engine->address.text() : engine.error().detail;
        QVERIFY2(answer.contains(outcome), qPrintable(answer));
        QCOMPARE(engine.has_value(), answer.startsWith(u"lab "_s));
        if (engine)
            QCOMPARE(engine->address.tls, files);
    }
};

QTEST_GUILESS_MAIN(EnginesTest)
#include "tst_engines.moc"
