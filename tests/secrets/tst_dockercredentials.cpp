#include "services/secrets/dockercredentials.h"
#include "tests/secrets/programs.h"
#include "tests/support/ownprocess.h"
#include "tests/support/waitfor.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <thread>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString host = u"registry.example.com"_s;
constexpr auto longLimit = 30s;

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

bool lives(int process)
{
    return ::kill(process, 0) == 0;
}

} // namespace

class DockerCredentialsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itsAnswerIsTheCredential()
    {
        const Programs programs;
        QVERIFY(programs.add(
            u"docker-credential-good"_s,
            R"([ "$1" = get ] && host=$(cat) && echo '{"ServerURL":"'$host'","Username":"'"$WHO"'","Secret":"pw of '$host'"}')"));
        qputenv("WHO", "anna");
        const auto credential = dockerCredential(u"good"_s, host, {});
        QVERIFY2(credential, credential ? "" : qPrintable(credential.error().summary()));
        QCOMPARE(credential->username, u"anna"_s); // by our environment
        QCOMPARE(credential->password.reveal(), QByteArray("pw of registry.example.com"));
        QVERIFY(credential->identityToken.isEmpty());
    }

    void itIsAskedEveryTime()
    {
        const Programs programs;
        QVERIFY(programs.add(
            u"docker-credential-ecr-login"_s,
            R"(echo x >>"$0.asked"; echo '{"Username":"AWS","Secret":"'$(wc -l <"$0.asked")'"}')"));
        for (const QByteArray token : {"1", "2"}) {
            const auto credential = dockerCredential(u"ecr-login"_s, host, {});
            QVERIFY(credential);
            QCOMPARE(credential->password.reveal(), token);
        }
    }

    void theUserTokenGivesAnIdentityToken()
    {
        const auto credential = parseDockerCredential(R"({"Username":"<token>","Secret":"eyJ"})");
        QVERIFY(credential);
        QVERIFY(credential->username.isEmpty() && credential->password.isEmpty());
        QCOMPARE(credential->identityToken.reveal(), QByteArray("eyJ"));
    }

    void aFailureSaysWhatHappened_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("detail");
        const auto helper = ErrorKind::CredentialHelper;
        QTest::newRow("it has none")
            << QByteArray("echo credentials not found in native keychain; exit 1")
            << ErrorKind::CredentialsMissing
            << u"docker-credential-it has no credential for registry.example.com"_s;
        QTest::newRow("it fails with words on standard error")
            << QByteArray("cat >/dev/null; echo 'no session' >&2; echo more >&2; exit 3") << helper
            << u"docker-credential-it failed: no session"_s;
        QTest::newRow("it fails with words where the answer belongs")
            << QByteArray("echo 'pass not initialized'; exit 1") << helper
            << u"docker-credential-it failed: pass not initialized"_s;
        QTest::newRow("it fails in silence")
            << QByteArray("exit 1") << helper << u"docker-credential-it failed"_s;
        QTest::newRow("it fails after the secret")
            << QByteArray(R"(echo '{"Username":"a","Secret":"hunter2"}' | tee /dev/stderr; exit 1)")
            << helper << u"docker-credential-it failed"_s;
        QTest::newRow("it crashes")
            << QByteArray("kill -SEGV $$") << helper << u"docker-credential-it failed"_s;
        QTest::newRow("it prints garbage")
            << QByteArray("echo hunter2") << helper
            << u"docker-credential-it answers without a user name or a secret"_s;
        QTest::newRow("it prints nothing")
            << QByteArray("true") << helper
            << u"docker-credential-it answers without a user name or a secret"_s;
        QTest::newRow("it knows no user")
            << QByteArray(R"(echo '{"Username":"","Secret":"hunter2"}')") << helper
            << u"docker-credential-it answers without a user name or a secret"_s;
        QTest::newRow("it never stops printing")
            << QByteArray("exec yes hunter2") << helper
            << u"docker-credential-it says more than an answer can be"_s;
        QTest::newRow("it never stops printing on standard error")
            << QByteArray("exec yes hunter2 >&2") << helper
            << u"docker-credential-it says more than an answer can be"_s;
        QTest::newRow("it hangs") << QByteArray("exec tail -f /dev/null") << helper
                                  << u"docker-credential-it was silent for 1 s"_s;
    }
    void aFailureSaysWhatHappened()
    {
        QFETCH(const QByteArray, script);
        const Programs programs;
        QVERIFY(programs.add(u"docker-credential-it"_s, script));
        const auto credential = dockerCredential(u"it"_s, host, {}, 1s);
        QVERIFY(!credential);
        QTEST(credential.error().kind, "kind");
        QTEST(credential.error().detail, "detail");
        QVERIFY(!credential.error().summary().contains("hunter2"_L1));
        QVERIFY(childrenOf(int(QCoreApplication::applicationPid())).isEmpty());
    }

    void oneThatIsNotInstalledIsNamed()
    {
        const auto credential = dockerCredential(u"nowhere"_s, host, {});
        QVERIFY(!credential);
        QCOMPARE(credential.error().kind, ErrorKind::CredentialHelper);
        QCOMPARE(credential.error().detail, u"docker-credential-nowhere is not installed"_s);
    }

    void aNameThatIsNoneIsNotRun_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("empty") << QString();
        QTest::newRow("a path") << u"/../../bin/sh"_s;
        QTest::newRow("with a blank") << u"a b"_s;
        QTest::newRow("with a line feed at its end") << u"pass\n"_s;
        QTest::newRow("with capitals") << u"Pass"_s;
    }
    void aNameThatIsNoneIsNotRun()
    {
        QFETCH(const QString, name);
        const auto credential = dockerCredential(name, host, {});
        QVERIFY(!credential);
        QCOMPARE(credential.error().kind, ErrorKind::InvalidArgument);
    }

    void oneThatHangsEndsWithItsChildrenWhenCancelled()
    {
        const Programs programs;
        QVERIFY(programs.add(
            u"docker-credential-hangs"_s,
            R"(tail -f /dev/null & echo $! >"$0.child.new"; mv "$0.child.new" "$0.child"; wait)"));
        const QString childFile = programs.path(u"docker-credential-hangs.child"_s);
        const CancelToken cancel;
        std::optional<Result<Credential>> credential;
        QElapsedTimer running;
        running.start();
        std::thread worker(
            [&] { credential = dockerCredential(u"hangs"_s, host, cancel, longLimit); });
        const bool started = waitFor([&] { return QFile::exists(childFile); });
        cancel.cancel();
        worker.join();
        QVERIFY(started);
        QVERIFY(!*credential);
        QCOMPARE(credential->error().kind, ErrorKind::Cancelled);
        QVERIFY(!running.hasExpired(std::chrono::milliseconds(longLimit).count() / 2));
        const int child = contentOf(childFile).toInt();
        QVERIFY(child > 0);
        QVERIFY(waitFor([&] { return !lives(child); }));
    }

    void wordsThatMayHoldASecretAreKeptBack_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<QString>("line");
        QTest::newRow("an ordinary line") << QByteArray("no such host\nmore") << u"no such host"_s;
        QTest::newRow("an expired token may be said")
            << QByteArray("ExpiredToken: The security token in the request is expired")
            << u"ExpiredToken: The security token in the request is expired"_s;
        QTest::newRow("JSON") << QByteArray(R"({"Secret":"x"})") << QString();
        QTest::newRow("an assignment") << QByteArray("password=x") << QString();
        QTest::newRow("a field") << QByteArray("the Secret: x") << QString();
        QTest::newRow("a long word")
            << QByteArray("got AQICAHiwq0kdLs93kfjwoeirhgnsd") << QString();
        QTest::newRow("nothing") << QByteArray("\n") << QString();
    }
    void wordsThatMayHoldASecretAreKeptBack()
    {
        QFETCH(const QByteArray, words);
        QTEST(harmlessLine(words), "line");
    }
};

QTEST_GUILESS_MAIN(DockerCredentialsTest)
#include "tst_dockercredentials.moc"
