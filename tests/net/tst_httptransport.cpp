#include "services/net/httptransport.h"
#include "tests/net/httptestserver.h"
#include "tests/net/requests.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <thread>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Answers every request with its method, target, body and some headers.
void echo(TestPeer &peer)
{
    while (const auto request = peer.readRequest()) {
        const QByteArray body = peer.readBody(*request);
        peer.answer(
            200,
            request->method + ' ' + request->target + ' ' + body + ' '
                + request->headers.value("content-type") + ' ' + request->headers.value("host"));
    }
}

} // namespace

class HttpTransportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHundredRequestsShareOneConnection_data() { schemes(); }
    void aHundredRequestsShareOneConnection()
    {
        QFETCH(const Scheme, scheme);
        HttpTestServer server(scheme, echo);
        HttpTransport transport(server.address());
        for (int i = 0; i < 100; ++i) {
            const auto answer = transport.send(post(u"/n"_s, QByteArray::number(i)));
            QVERIFY2(answer, answer ? "" : qPrintable(answer.error().summary()));
            QCOMPARE(answer->status, 200);
            QVERIFY(
                answer->body.startsWith("POST /n " + QByteArray::number(i) + " application/json"));
        }
        QCOMPARE(server.connections(), 1);
    }

    void aPathAndAQueryArriveAsTheyWereMeant()
    {
        HttpTestServer server(Scheme::Unix, echo);
        HttpTransport transport(server.address());
        HttpRequest request = get(u"/v1.41/a b:c?d#e%2Fé/../x"_s);
        request.query.addQueryItem(u"plus"_s, u"1+1"_s);
        request.query.addQueryItem(u"percent"_s, u"100%25"_s);
        request.query.addQueryItem(u"amp"_s, u"a%26b%3Dc"_s);
        request.query.addQueryItem(u"json"_s, uR"({"a":["b c"]})"_s);
        const auto answer = transport.send(request);
        QVERIFY(answer);
        QCOMPARE(
            answer->body.split(' ').at(1),
            QByteArray(
                "/v1.41/a%20b:c%3Fd%23e%252F%C3%A9/../x?plus=1%2B1&percent=100%25&amp=a%26b%3Dc"
                "&json=%7B%22a%22%3A%5B%22b%20c%22%5D%7D"));
    }

    void anyThreadMaySendOneAfterTheOther()
    {
        HttpTestServer server(Scheme::Unix, echo);
        HttpTransport transport(server.address());
        for (int i = 0; i < 5; ++i) {
            std::optional<Result<HttpResponse>> answer;
            std::thread([&] { answer = transport.send(get(u"/t"_s)); }).join();
            QVERIFY(*answer);
            QVERIFY(transport.send(get(u"/t"_s)));
        }
        QCOMPARE(server.connections(), 1);
    }

    void headersAreFoundInAnyCase()
    {
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\n\r\n");
        });
        const auto answer = HttpTransport(server.address()).send(get(u"/"_s));
        QVERIFY(answer);
        QCOMPARE(answer->header("API-version"), QByteArray("1.41"));
        QCOMPARE(answer->header("other"), QByteArray());
    }

    void anErrorStatusIsAValueWithTheEnginesWords_data() { schemes(); }
    void anErrorStatusIsAValueWithTheEnginesWords()
    {
        QFETCH(const Scheme, scheme);
        HttpTestServer server(scheme, [](TestPeer &peer) {
            while (peer.readRequest())
                peer.answer(404, R"({"message":"no"})");
        });
        HttpRequest request = get(u"/x"_s);
        request.sink = [](QByteArrayView) -> Done {
            return failure(ErrorKind::Internal, u"not for it"_s);
        };
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY(answer);
        QCOMPARE(answer->status, 404);
        QCOMPARE(answer->body, QByteArray(R"({"message":"no"})"));
    }

    void noRedirectIsFollowed()
    {
        HttpTestServer server(Scheme::Tcp, [](TestPeer &peer) {
            while (peer.readRequest())
                peer.send("HTTP/1.1 301 Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n");
        });
        const auto answer = HttpTransport(server.address()).send(get(u"/x"_s));
        QVERIFY(answer);
        QCOMPARE(answer->status, 301);
    }

    void aConnectionThatClosedMeanwhileIsReplaced_data() { schemes(); }
    void aConnectionThatClosedMeanwhileIsReplaced()
    {
        QFETCH(const Scheme, scheme);
        HttpTestServer server(scheme, [](TestPeer &peer) {
            (void)peer.readRequest();
            peer.answer(200, "OK"); // as if it kept the connection, and closes it
        });
        HttpTransport transport(server.address());
        for (int i = 0; i < 20; ++i)
            QVERIFY(transport.send(get(u"/"_s)));
        QCOMPARE(server.connections(), 20);
    }

    void onlyASafeRequestIsRepeatedWhenAKeptConnectionDies_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<int>("expected");
        for (const auto &[name, scheme] : {std::pair{"unix", Scheme::Unix}, {"tcp", Scheme::Tcp}}) {
            QTest::addRow("%s GET", name) << scheme << QByteArray("GET") << 2;
            QTest::addRow("%s POST", name) << scheme << QByteArray("POST") << 1;
        }
    }
    void onlyASafeRequestIsRepeatedWhenAKeptConnectionDies()
    {
        QFETCH(const Scheme, scheme);
        QFETCH(const QByteArray, method);
        QFETCH(const int, expected);
        std::atomic<int> seen = 0; // requests after the first
        HttpTestServer server(scheme, [&](TestPeer &peer) {
            while (const auto request = peer.readRequest()) {
                if (request->target == "/second" && ++seen == 1)
                    return;
                peer.answer(200, "OK");
            }
        });
        HttpTransport transport(server.address());
        QVERIFY(transport.send(get(u"/first"_s)));
        HttpRequest request = get(u"/second"_s);
        request.method = method;
        const auto answer = transport.send(request);
        QCOMPARE(seen.load(), expected);
        QCOMPARE(bool(answer), expected == 2);
        if (!answer)
            QCOMPARE(answer.error().kind, ErrorKind::Unreachable);
    }

    void aRequestOnAFreshConnectionIsNeverRepeated_data() { schemes(); }
    void aRequestOnAFreshConnectionIsNeverRepeated()
    {
        QFETCH(const Scheme, scheme);
        std::atomic<int> seen = 0;
        HttpTestServer server(scheme, [&](TestPeer &peer) {
            if (peer.readRequest())
                ++seen;
        });
        const auto answer = HttpTransport(server.address()).send(get(u"/"_s));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Unreachable);
        QCOMPARE(seen.load(), 1);
    }

    void aBrokenAnswerSaysWhatHappened_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("words");
        for (const auto &[name, scheme] : {std::pair{"unix", Scheme::Unix}, {"tcp", Scheme::Tcp}}) {
            QTest::addRow("%s truncated", name)
                << scheme << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                << ErrorKind::Unreachable << u"closed in the middle of the answer"_s;
            QTest::addRow("%s truncated chunk", name)
                << scheme
                << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf")
                << ErrorKind::Unreachable << u"closed in the middle of the answer"_s;
            QTest::addRow("%s truncated head", name)
                << scheme << QByteArray("HTTP/1.1 200 OK\r\nCont") << ErrorKind::Unreachable
                << u"closed in the middle of the answer"_s;
            QTest::addRow("%s nothing", name) << scheme << QByteArray() << ErrorKind::Unreachable
                                              << u"closed without an answer"_s;
            QTest::addRow("%s garbage", name)
                << scheme << QByteArray("220 mail.example ESMTP\r\n\r\n") << ErrorKind::Protocol
                << u"not a valid HTTP answer"_s;
            QTest::addRow("%s header flood", name)
                << scheme << "HTTP/1.1 200 OK\r\n" + QByteArray("X: y\r\n").repeated(100'000)
                << ErrorKind::Protocol << u"HTTP answer"_s;
        }
    }
    void aBrokenAnswerSaysWhatHappened()
    {
        QFETCH(const Scheme, scheme);
        QFETCH(const QByteArray, wire);
        QFETCH(const ErrorKind, kind);
        QFETCH(const QString, words);
        HttpTestServer server(scheme, [&wire](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send(wire);
        });
        const auto answer = HttpTransport(server.address()).send(get(u"/v1.41/x y"_s));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, kind);
        QVERIFY2(answer.error().detail.contains(words), qPrintable(answer.error().detail));
        QCOMPARE(answer.error().origin, server.address().text() + u" GET /v1.41/x y"_s);
    }

    void aSilentServerTimesOut_data() { schemes(); }
    void aSilentServerTimesOut()
    {
        QFETCH(const Scheme, scheme);
        HttpTestServer server(scheme, [](TestPeer &peer) { peer.waitForClose(); });
        HttpRequest request = get(u"/"_s);
        request.idleLimit = 150ms;
        QElapsedTimer elapsed;
        elapsed.start();
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::TimedOut);
        QVERIFY2(answer.error().detail.contains(u"150"_s), qPrintable(answer.error().detail));
        QVERIFY(elapsed.elapsed() >= 140);
        QVERIFY(elapsed.elapsed() < 3000);
    }

    void anAnswerThatDripsIsNotSilent()
    {
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
            for (int i = 0; i < 8; ++i) {
                (void)peer.hearsWithin(60ms);
                peer.send("x");
            }
            peer.waitForClose();
        });
        HttpRequest request = get(u"/"_s);
        request.idleLimit = 300ms;
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY(answer);
        QCOMPARE(answer->body, QByteArray("xxxxxxxx"));
    }
};

QTEST_GUILESS_MAIN(HttpTransportTest)
#include "tst_httptransport.moc"
