#include "tests/api/httpfixture.h"
#include "tests/api/rawclient.h"
#include "tests/support/waitfor.h"

#include <QRandomGenerator>
#include <QSemaphore>
#include <QTest>

#include <atomic>
#include <vector>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Options whose limits a test does not have to wait long for.
HttpServerOptions quickOptions()
{
    HttpServerOptions options;
    options.idleLimit = std::chrono::seconds(2);
    options.requestLimit = std::chrono::milliseconds(1000);
    return options;
}

} // namespace

class HttpLimitsTest : public QObject, private HttpFixture
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { m_server.reset(); }

    void refusesHeadersThatAreTooLarge_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::newRow("one long header")
            << rawRequest("GET", "/", 0, {"X: " + QByteArray(40'000, 'x')}) << 431;
        QTest::newRow("one huge header")
            << rawRequest("GET", "/", 0, {"X: " + QByteArray(400'000, 'x')}) << 431;
        QTest::newRow("many headers")
            << rawRequest("GET", "/", 0, QByteArrayList(4000, "X-Header-Of-Some-Length: value"))
            << 431;
        QTest::newRow("long path") << rawRequest("GET", '/' + QByteArray(40'000, 'x'), 0) << 431;
        QTest::newRow("huge path") << rawRequest("GET", '/' + QByteArray(400'000, 'x'), 0) << 414;
    }

    void refusesHeadersThatAreTooLarge()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        std::atomic<int> handled = 0;
        startServer([&handled](const ApiRequest &asked) {
            handled += asked.path != "/again";
            return echo(asked);
        });
        const auto answer = RawClient(m_port).ask(request);
        QVERIFY(answer);
        QCOMPARE(answer->status, status);
        QCOMPARE(handled.load(), 0);
        QVERIFY(answersAgain());
    }

    void takesHeadersUpToTheLimit()
    {
        startServer(echo);
        const auto answer = RawClient(m_port).ask(
            rawRequest("GET", "/", m_port, {"X: " + QByteArray(31'000, 'x')}));
        QVERIFY(answer);
        QCOMPARE(answer->status, 200);
    }

    void refusesALongBodyByItsLengthAlone()
    {
        startServer(echo);
        RawClient client(m_port);
        const auto answer =
            client.ask(rawRequest("POST", "/", m_port, {"Content-Length: 1048577"}));
        QVERIFY(answer);
        QCOMPARE(answer->status, 413);
        QCOMPARE(answer->errorCode(), u"body_too_large"_s);
        QVERIFY(client.isClosedWithin(std::chrono::seconds(5)));
    }

    void theRefusalReachesAClientThatSendsItAllFirst()
    {
        startServer(echo);
        for (int round = 0; round < 10; ++round) {
            RawClient client(m_port);
            const auto answer =
                client.ask(rawRequest("POST", "/", m_port, {}, QByteArray(6 * 1024 * 1024, 'x')));
            QVERIFY(answer);
            QCOMPARE(answer->status, 413);
        }
    }

    void refusesALongBodyInChunks()
    {
        startServer(echo);
        const QByteArray chunk = "10000\r\n" + QByteArray(0x10000, 'x') + "\r\n";
        const QByteArray head = rawRequest("POST", "/", m_port, {"Transfer-Encoding: chunked"});
        const auto answer = RawClient(m_port).ask(head + chunk.repeated(17) + "0\r\n\r\n");
        QVERIFY(answer);
        QCOMPARE(answer->status, 413);

        RawClient endless(m_port);
        endless.send(head + chunk.repeated(16 * 16));
        QVERIFY(endless.isClosedWithin(std::chrono::seconds(10)));
        QVERIFY(answersAgain());
    }

    void takesABodyOfExactlyTheLimit()
    {
        startServer([](const ApiRequest &request) {
            return ApiResponse{200, "text/plain", {}, QByteArray::number(request.body.size())};
        });
        const auto answer = RawClient(m_port).ask(
            rawRequest("POST", "/", m_port, {}, QByteArray(1024 * 1024, 'x')));
        QVERIFY(answer);
        QCOMPARE(answer->body, QByteArray("1048576"));
    }

    void refusesBodiesOfUnclearLength_data()
    {
        QTest::addColumn<QByteArrayList>("headers");
        QTest::newRow("length and chunks")
            << QByteArrayList{"Content-Length: 3", "Transfer-Encoding: chunked"};
        QTest::newRow("two lengths") << QByteArrayList{"Content-Length: 3", "Content-Length: 4"};
        QTest::newRow("negative length") << QByteArrayList{"Content-Length: -1"};
        QTest::newRow("length with a sign") << QByteArrayList{"Content-Length: +3"};
        QTest::newRow("no number") << QByteArrayList{"Content-Length: three"};
        QTest::newRow("other encoding") << QByteArrayList{"Transfer-Encoding: gzip"};
        QTest::newRow("two encodings") << QByteArrayList{"Transfer-Encoding: gzip, chunked"};
    }

    void refusesBodiesOfUnclearLength()
    {
        QFETCH(QByteArrayList, headers);
        startServer(echo);
        const auto answer = RawClient(m_port).ask(rawRequest("POST", "/", m_port, headers) + "abc");
        QVERIFY(answer);
        QCOMPARE(answer->status, 400);
        QVERIFY(answersAgain());
    }

    void closesAnIdleConnection()
    {
        HttpServerOptions options = quickOptions();
        options.idleLimit = std::chrono::seconds(1);
        options.requestLimit = std::chrono::minutes(10);
        startServer(echo, options);
        RawClient silent(m_port);
        RawClient kept(m_port);
        QVERIFY(kept.ask(rawRequest("GET", "/", m_port)));
        QVERIFY(silent.isClosedWithin(std::chrono::seconds(8)));
        QVERIFY(kept.isClosedWithin(std::chrono::seconds(8)));
    }

    void closesAConnectionThatTricklesItsRequest_data()
    {
        QTest::addColumn<QByteArray>("beginning");
        QTest::newRow("request line") << QByteArray("GET /");
        QTest::newRow("headers") << QByteArray("GET / HTTP/1.1\r\nHost: x\r\nX: ");
        QTest::newRow("body") << QByteArray(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    }

    void closesAConnectionThatTricklesItsRequest()
    {
        QFETCH(QByteArray, beginning);
        HttpServerOptions options = quickOptions();
        options.idleLimit = std::chrono::seconds(100);
        startServer(echo, options);
        RawClient slow(m_port);
        slow.send(beginning);
        QVERIFY(waitFor([&slow] {
            slow.send("x"); // never idle, never done
            return slow.isClosedWithin(std::chrono::milliseconds(50));
        }));
        QVERIFY(answersAgain());
    }

    void aHandlerMayTakeLongerThanARequest()
    {
        HttpServerOptions options = quickOptions();
        options.requestLimit = std::chrono::milliseconds(100);
        options.idleLimit = std::chrono::seconds(1);
        QSemaphore release;
        startServer(
            [&release](const ApiRequest &request) {
                release.acquire();
                return echo(request);
            },
            options);
        RawClient client(m_port);
        client.send(rawRequest("GET", "/slow", m_port));
        QVERIFY(!client.isClosedWithin(std::chrono::milliseconds(2500)));
        release.release();
        const auto answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->body, QByteArray("GET /slow? "));
    }

    void clientsThatLeaveDoNoHarm()
    {
        std::atomic<int> handled = 0;
        startServer([&handled](const ApiRequest &request) {
            ++handled;
            return ApiResponse{
                200, "text/plain", {}, QByteArray(4 * 1024 * 1024, request.path.back())};
        });
        for (int i = 0; i < 50; ++i) {
            RawClient client(m_port);
            client.send(rawRequest("GET", "/big", m_port));
            client.reset();
            RawClient half(m_port);
            half.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
            half.reset();
        }
        QVERIFY(answersAgain());
        m_server.reset();
        QVERIFY(handled > 0);
    }

    void threeHundredConnectionsDoNotLockOthersOut()
    {
        HttpServerOptions options;
        options.idleLimit = std::chrono::seconds(100);
        options.requestLimit = std::chrono::seconds(20);
        options.connectionsPerAddress = 1000;
        startServer(echo, options);
        std::vector<std::unique_ptr<QTcpSocket>> silent;
        for (int i = 0; i < 300; ++i) {
            silent.push_back(std::make_unique<QTcpSocket>());
            silent.back()->connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
        }
        QVERIFY(waitFor([&silent] {
            return std::all_of(silent.begin(), silent.end(), [](const auto &socket) {
                return socket->state() != QAbstractSocket::ConnectingState;
            });
        }));
        // All 256 places are taken; the last ones to come make room long before the 20 s are over.
        QVERIFY(answersAgain());
    }

    void oneAddressGetsSoManyConnections()
    {
        HttpServerOptions options = quickOptions();
        options.connectionsPerAddress = 5;
        startServer(echo, options);
        std::vector<std::unique_ptr<RawClient>> kept;
        for (int i = 0; i < 5; ++i) {
            kept.push_back(std::make_unique<RawClient>(m_port));
            QVERIFY(kept.back()->ask(rawRequest("GET", "/", m_port)));
        }
        RawClient refused(m_port);
        QVERIFY(!refused.ask(rawRequest("GET", "/", m_port)));
        kept.clear();
        QVERIFY(waitFor([this] { return answersAgain(); }));
    }

    void mutatedRequestsAreAnsweredOrDropped()
    {
        startServer(echo, quickOptions());
        const QByteArray sound = rawRequest(
            "POST",
            "/v1/namespaces/a/sandboxes?x=%20",
            m_port,
            {"Content-Type: application/json"},
            "{\"a\":1}");
        QRandomGenerator random(20240607);
        for (int round = 0; round < 1500; ++round) {
            QByteArray bytes = sound;
            for (int change = random.bounded(1, 6); change > 0 && !bytes.isEmpty(); --change) {
                const qsizetype at = random.bounded(int(bytes.size()));
                switch (random.bounded(4)) {
                case 0:
                    bytes[at] = char(random.bounded(256));
                    break;
                case 1:
                    bytes.remove(at, random.bounded(1, 20));
                    break;
                case 2:
                    bytes.insert(at, bytes.mid(random.bounded(int(bytes.size())), 30));
                    break;
                default:
                    bytes.insert(at, QByteArray(random.bounded(1, 5), char(random.bounded(256))));
                    break;
                }
            }
            QTcpSocket socket;
            socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
            QVERIFY(socket.waitForConnected());
            socket.write(bytes);
            QVERIFY(socket.waitForBytesWritten());
            if (round % 3 == 0)
                socket.abort();
        }
        QVERIFY(waitFor([this] { return answersAgain(); }));
    }
};

QTEST_GUILESS_MAIN(HttpLimitsTest)
#include "tst_httplimits.moc"
