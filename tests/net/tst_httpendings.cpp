#include "services/net/httptransport.h"
#include "services/net/unixconnection.h"
#include "tests/net/httptestserver.h"
#include "tests/net/requests.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <atomic>
#include <latch>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

EngineAddress unixAddress(const QString &path)
{
    return {Scheme::Unix, path, {}, 0};
}

/// A port on which nobody listens.
quint16 freePort()
{
    return HttpTestServer(Scheme::Tcp, [](TestPeer &) {}).address().port;
}

} // namespace

/// Requests that end without an answer: nobody there, no permission, cancelled, an engine that
/// died.
class HttpEndingsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFullBacklogEndsWithTheConnectLimit_data() { schemes(); }
    void aFullBacklogEndsWithTheConnectLimit()
    {
        QFETCH(const Scheme, scheme);
        HttpTestServer server(scheme, {});
        HttpRequest request = get(u"/"_s);
        request.connectLimit = 200ms;
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::TimedOut);
        QVERIFY(answer.error().detail.contains(u"no connection within 200 ms"_s));
    }

    void nobodyThereIsUnreachable_data()
    {
        QTest::addColumn<EngineAddress>("address");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("missing socket")
            << unixAddress(u"/tmp/no/such.sock"_s) << ErrorKind::Unreachable << u"does not exist"_s;
        QTest::newRow("regular file")
            << unixAddress(u"/etc/passwd"_s) << ErrorKind::Protocol << u"not a socket"_s;
        QTest::newRow("file as a folder")
            << unixAddress(u"/etc/passwd/x"_s) << ErrorKind::Unreachable << u"does not exist"_s;
        QTest::newRow("folder") << unixAddress(u"/tmp"_s) << ErrorKind::Protocol
                                << u"not a socket"_s;
        QTest::newRow("refused") << EngineAddress{Scheme::Tcp, {}, u"127.0.0.1"_s, freePort()}
                                 << ErrorKind::Unreachable << u"refused"_s;
        QTest::newRow("unknown host")
            << EngineAddress{Scheme::Tcp, {}, u"no-such-host.invalid"_s, 2375}
            << ErrorKind::Unreachable << u"host name"_s;
    }
    void nobodyThereIsUnreachable()
    {
        QFETCH(const EngineAddress, address);
        QFETCH(const ErrorKind, kind);
        QFETCH(const QString, words);
        const auto answer = HttpTransport(address).send(get(u"/_ping"_s));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, kind);
        QVERIFY2(answer.error().detail.contains(words), qPrintable(answer.error().detail));
        QCOMPARE(answer.error().origin, address.text() + u" GET /_ping"_s);
    }

    void aSocketThatNobodyListensOnRefuses()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"dead"_s);
        {
            HttpTestServer server(Scheme::Unix, [](TestPeer &) {});
            QVERIFY(QFile(server.address().socketPath).rename(path));
        }
        const auto answer = HttpTransport(unixAddress(path)).send(get(u"/"_s));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Unreachable);
        QVERIFY2(
            answer.error().detail.contains(u"nobody listens"_s), qPrintable(answer.error().detail));
    }

    void aForbiddenSocketIsPermissionDenied()
    {
        QCOMPARE(unixConnectProblem(EACCES, u"/x"_s).error, QNetworkReply::ContentAccessDenied);
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) { peer.answer(200, {}); });
        QVERIFY(QFile::setPermissions(server.address().socketPath, QFile::Permissions()));
        // A child without root's rights tries; its exit code is the error kind.
        const pid_t child = ::fork();
        if (child == 0) {
            if (::geteuid() == 0 && ::seteuid(65534) != 0)
                ::_exit(100);
            const auto answer = HttpTransport(server.address()).send(get(u"/"_s));
            ::_exit(answer ? 101 : int(answer.error().kind));
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), int(ErrorKind::PermissionDenied));
    }

    void aCancelEndsEveryPhase_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<QString>("phase");
        for (const auto &[name, scheme] : {std::pair{"unix", Scheme::Unix}, {"tcp", Scheme::Tcp}}) {
            for (const char *phase : {"before", "connecting", "waiting", "receiving", "sending"})
                QTest::addRow("%s %s", name, phase) << scheme << QString::fromLatin1(phase);
        }
    }
    void aCancelEndsEveryPhase()
    {
        QFETCH(const Scheme, scheme);
        QFETCH(const QString, phase);
        std::latch reached(1);
        std::latch finished(1);
        HttpTestServer::Handler handler = [&](TestPeer &peer) {
            if (phase == "sending"_L1) {
                reached.count_down();
                finished.wait(); // reads nothing, so that the client is stuck
                return;
            }
            (void)peer.readRequest();
            if (phase == "receiving"_L1)
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            reached.count_down();
            peer.waitForClose();
        };
        if (phase == "connecting"_L1)
            handler = {};
        HttpTestServer server(scheme, handler);
        const CancelToken token;
        if (phase == "before"_L1)
            token.cancel();
        std::thread canceller([&] {
            if (phase == "waiting"_L1 || phase == "receiving"_L1 || phase == "sending"_L1)
                reached.wait();
            token.cancel();
        });
        QElapsedTimer elapsed;
        elapsed.start();
        HttpRequest request =
            post(u"/"_s, phase == "sending"_L1 ? QByteArray(32 << 20, 'x') : "{}");
        const auto answer = HttpTransport(server.address()).send(request, token);
        finished.count_down();
        canceller.join();
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
        QVERIFY(elapsed.elapsed() < 3000);
        if (phase == "before"_L1)
            QCOMPARE(server.connections(), 0);
    }

    void theTransportServesAfterACancel()
    {
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) {
            while (const auto request = peer.readRequest()) {
                if (request->target == "/hang")
                    peer.waitForClose();
                else
                    peer.answer(200, "OK");
            }
        });
        HttpTransport transport(server.address());
        const CancelToken token;
        std::thread canceller([&token] { token.cancel(); });
        QVERIFY(!transport.send(get(u"/hang"_s), token));
        canceller.join();
        QVERIFY(transport.send(get(u"/"_s)));
    }

    void anEngineThatDiesDuringALongCallIsNoticed()
    {
        std::atomic<int> questions = 0;
        HttpTestServer server(Scheme::Unix, [&questions](TestPeer &peer) {
            while (const auto request = peer.readRequest()) {
                if (request->target == "/_ping" && ++questions <= 2)
                    peer.answer(200, "OK");
                else
                    peer.waitForClose();
            }
        });
        HttpRequest request = post(u"/commit"_s);
        request.idleLimit = 0ms;
        request.liveness = Liveness{u"/_ping"_s, 30ms, 50ms};
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::TimedOut);
        QCOMPARE(questions.load(), 4); // two good ones, then two without an answer
    }

    void aLongCallGoesOnWhileTheEngineLives()
    {
        std::atomic<int> questions = 0;
        std::latch asked(1);
        HttpTestServer server(Scheme::Unix, [&](TestPeer &peer) {
            while (const auto request = peer.readRequest()) {
                if (request->target == "/_ping") {
                    // Every second question goes without an answer: never two in a row.
                    if (++questions == 5)
                        asked.count_down();
                    if (questions % 2 == 0)
                        peer.waitForClose();
                    else
                        peer.answer(200, "OK");
                } else {
                    asked.wait();
                    peer.answer(201, "done");
                }
            }
        });
        HttpRequest request = get(u"/commit"_s);
        request.idleLimit = 0ms;
        request.liveness = Liveness{u"/_ping"_s, 20ms, 50ms};
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY(answer);
        QCOMPARE(answer->body, QByteArray("done"));
    }
};

QTEST_GUILESS_MAIN(HttpEndingsTest)
#include "tst_httpendings.moc"
