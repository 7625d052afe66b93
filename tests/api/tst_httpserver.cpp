#include "tests/api/httpfixture.h"
#include "tests/api/rawclient.h"
#include "tests/support/waitfor.h"

#include <QFile>
#include <QProcess>
#include <QSemaphore>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

class HttpServerTest : public QObject, private HttpFixture
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { m_server.reset(); }

    void handsOutARequestAsAValue()
    {
        ApiRequest seen;
        startServer([&seen](const ApiRequest &request) {
            seen = request;
            return ApiResponse{201, "application/json", {{"X-Extra", "yes"}}, "{}"};
        });
        const auto answer = RawClient(m_port).ask(rawRequest(
            "POST", "/a%2Fb/c?x=1&y=%20", m_port, {"X-Many: one", "x-many: two"}, "body"));
        QVERIFY(answer);
        QCOMPARE(answer->status, 201);
        QCOMPARE(answer->headers.value("x-extra"), QByteArray("yes"));
        QCOMPARE(answer->headers.value("content-type"), QByteArray("application/json"));
        QCOMPARE(answer->headers.value("cache-control"), QByteArray("no-store"));
        QCOMPARE(answer->body, QByteArray("{}"));
        QCOMPARE(seen.method, QByteArray("POST"));
        QCOMPARE(seen.path, QByteArray("/a%2Fb/c"));
        QCOMPARE(seen.query, QByteArray("x=1&y=%20"));
        QCOMPARE(seen.headers.value("x-many"), QByteArray("one, two"));
        QCOMPARE(seen.body, QByteArray("body"));
        QCOMPARE(seen.clientAddress, u"127.0.0.1"_s);
        QCOMPARE(seen.serverPort, m_port);
    }

    void keepsAConnectionForManyRequests()
    {
        startServer(echo);
        RawClient client(m_port);
        for (int i = 0; i < 50; ++i) {
            const QByteArray target = "/" + QByteArray::number(i);
            const auto answer = client.ask(rawRequest("GET", target, m_port));
            QVERIFY(answer);
            QCOMPARE(answer->body, "GET " + target + "? ");
        }
    }

    void answersHeadWithoutABody()
    {
        startServer(echo);
        RawClient client(m_port);
        client.send(rawRequest("HEAD", "/x", m_port));
        const auto head = client.answer(false);
        QVERIFY(head);
        QCOMPARE(head->status, 200);
        QCOMPARE(head->headers.value("content-length").toInt(), int(sizeof "HEAD /x? ") - 1);
        const auto next = client.ask(rawRequest("GET", "/y", m_port));
        QVERIFY(next);
        QCOMPARE(next->body, QByteArray("GET /y? "));
    }

    void answersPipelinedRequestsInOrder()
    {
        startServer(echo);
        RawClient client(m_port);
        QByteArray all;
        for (int i = 0; i < 20; ++i)
            all +=
                rawRequest("POST", "/" + QByteArray::number(i), m_port, {}, QByteArray(i + 1, 'b'));
        client.send(all);
        for (int i = 0; i < 20; ++i) {
            const auto answer = client.answer();
            QVERIFY(answer);
            QCOMPARE(
                answer->body, "POST /" + QByteArray::number(i) + "? " + QByteArray(i + 1, 'b'));
        }
    }

    void takesChunkedBodies()
    {
        startServer(echo);
        const auto answer = RawClient(m_port).ask(
            rawRequest("POST", "/", m_port, {"Transfer-Encoding: chunked"})
            + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
        QVERIFY(answer);
        QCOMPARE(answer->body, QByteArray("POST /? abcde"));
    }

    void asksForABodyThatWaitsForLeave()
    {
        startServer(echo);
        RawClient client(m_port);
        client.send(rawRequest("POST", "/", m_port, {"Expect: 100-continue", "Content-Length: 4"}));
        const auto leave = client.answer(false);
        QVERIFY(leave);
        QCOMPARE(leave->status, 100);
        const auto answer = client.ask("body");
        QVERIFY(answer);
        QCOMPARE(answer->body, QByteArray("POST /? body"));
    }

    void refusesBeforeTheBodyIsSent()
    {
        std::atomic<int> handled = 0;
        startServer(
            [&handled](const ApiRequest &request) {
                ++handled;
                return echo(request);
            },
            {},
            [](const ApiRequest &request) -> std::optional<ApiResponse> {
                if (request.headers.contains("x-allowed"))
                    return std::nullopt;
                return errorResponse(401, u"unauthorized"_s, u"no"_s);
            });
        const auto refused =
            RawClient(m_port).ask(rawRequest("POST", "/", m_port, {"Content-Length: 1000"}));
        QVERIFY(refused);
        QCOMPARE(refused->status, 401);
        QCOMPARE(handled.load(), 0);
        const auto let =
            RawClient(m_port).ask(rawRequest("POST", "/", m_port, {"X-Allowed: yes"}, "x"));
        QVERIFY(let);
        QCOMPARE(let->status, 200);
    }

    void aSlowHandlerDelaysNobodyElse()
    {
        QSemaphore release;
        startServer([&release](const ApiRequest &request) {
            if (request.path == "/slow")
                release.acquire();
            return echo(request);
        });
        std::vector<std::unique_ptr<RawClient>> slow;
        for (int i = 0; i < 7; ++i) {
            slow.push_back(std::make_unique<RawClient>(m_port));
            slow.back()->send(rawRequest("GET", "/slow", m_port));
        }
        QVERIFY(answersAgain());
        release.release(7);
        for (const auto &client : slow)
            QVERIFY(client->answer());
    }

    void aHandlerThatThrowsGivesA500()
    {
        startServer([](const ApiRequest &request) -> ApiResponse {
            if (request.path == "/throw")
                throw std::runtime_error("ouch");
            if (request.path == "/throw-other")
                throw 1;
            return echo(request);
        });
        for (const QByteArray target : {"/throw", "/throw-other"}) {
            const auto answer = RawClient(m_port).ask(rawRequest("GET", target, m_port));
            QVERIFY(answer);
            QCOMPARE(answer->status, 500);
            QCOMPARE(answer->errorCode(), u"internal"_s);
        }
        QVERIFY(answersAgain());
    }

    void answersManyAtOnce()
    {
        startServer(echo);
        std::atomic<int> right = 0;
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 8; ++thread) {
            threads.emplace_back([this, thread, &right] {
                QTcpSocket socket;
                socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
                if (!socket.waitForConnected())
                    return;
                for (int i = 0; i < 100; ++i) {
                    const QByteArray body = QByteArray::number(thread * 1000 + i);
                    socket.write(rawRequest("POST", "/p", m_port, {}, body));
                    QByteArray received;
                    while (!received.endsWith("POST /p? " + body) && socket.waitForReadyRead())
                        received += socket.readAll();
                    right += received.endsWith("POST /p? " + body);
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(right.load(), 800);
    }

    void stopLetsARunningRequestEnd()
    {
        std::latch inside(1);
        QSemaphore release;
        startServer([&](const ApiRequest &request) {
            inside.count_down();
            release.acquire();
            return echo(request);
        });
        RawClient client(m_port);
        RawClient idle(m_port);
        client.send(rawRequest("GET", "/last", m_port));
        inside.wait();
        std::atomic<bool> stopped = false;
        std::thread stopper([this, &stopped] {
            m_server->stop();
            stopped = true;
        });
        QVERIFY(waitFor([this] {
            QTcpSocket late;
            late.connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
            return !late.waitForConnected(1000);
        }));
        QVERIFY(!stopped);
        release.release();
        const auto answer = client.answer();
        stopper.join();
        QVERIFY(answer);
        QCOMPARE(answer->body, QByteArray("GET /last? "));
        QVERIFY(client.isClosedWithin(std::chrono::seconds(5)));
        QVERIFY(idle.isClosedWithin(std::chrono::seconds(5)));
    }

    void startsAgainAfterAStop()
    {
        startServer(echo);
        m_server->stop();
        m_server->stop();
        const auto port = m_server->start();
        QVERIFY(port);
        m_port = *port;
        QVERIFY(answersAgain());
    }

    void aTakenPortIsAConflict()
    {
        startServer(echo);
        HttpServerOptions options;
        options.port = m_port;
        const auto second = HttpServer(options, admitAll, echo).start();
        QVERIFY(!second);
        QCOMPARE(second.error().kind, ErrorKind::Conflict);
        QVERIFY(second.error().detail.contains(QString::number(m_port)));
    }

    void anAddressOfAnotherMachineIsRefused()
    {
        HttpServerOptions options;
        options.address = QHostAddress(u"192.0.2.1"_s);
        const auto started = HttpServer(options, admitAll, echo).start();
        QVERIFY(!started);
        QCOMPARE(started.error().kind, ErrorKind::InvalidArgument);
    }

    void listensOnIpv6()
    {
        HttpServerOptions options;
        options.address = QHostAddress(QHostAddress::LocalHostIPv6);
        QString client;
        startServer(
            [&client](const ApiRequest &request) {
                client = request.clientAddress;
                return echo(request);
            },
            options);
        QTcpSocket socket;
        socket.connectToHost(options.address, m_port);
        socket.write(rawRequest("GET", "/", m_port));
        QVERIFY(waitFor([&socket] { return socket.readAll().contains("200 OK"); }));
        QCOMPARE(client, u"::1"_s);
    }

    void speaksTls()
    {
        QTemporaryDir folder;
        const QString key = folder.filePath(u"key.pem"_s);
        const QString chain = folder.filePath(u"chain.pem"_s);
        QCOMPARE(
            QProcess::execute(
                u"openssl"_s,
                {u"req"_s,
                 u"-x509"_s,
                 u"-newkey"_s,
                 u"rsa:2048"_s,
                 u"-nodes"_s,
                 u"-days"_s,
                 u"2"_s,
                 u"-subj"_s,
                 u"/CN=localhost"_s,
                 u"-keyout"_s,
                 key,
                 u"-out"_s,
                 chain}),
            0);
        const auto bytesOf = [](const QString &path) {
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        HttpServerOptions options;
        options.certificate = HttpCertificate{bytesOf(chain), Secret(bytesOf(key))};
        startServer(echo, options);

        QSslSocket socket;
        socket.setPeerVerifyMode(QSslSocket::VerifyNone);
        socket.connectToHostEncrypted(u"127.0.0.1"_s, m_port);
        socket.write(rawRequest("POST", "/tls", m_port, {}, "secret"));
        QByteArray received;
        QVERIFY(waitFor([&] {
            received += socket.readAll();
            return received.endsWith("POST /tls? secret");
        }));

        QVERIFY(!RawClient(m_port).ask(rawRequest("GET", "/plain", m_port)));

        options.certificate = HttpCertificate{"no certificate", Secret("no key")};
        const auto broken = HttpServer(options, admitAll, echo).start();
        QVERIFY(!broken);
        QCOMPARE(broken.error().kind, ErrorKind::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(HttpServerTest)
#include "tst_httpserver.moc"
