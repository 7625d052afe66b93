#include "services/net/webtransport.h"
#include "tests/net/httptestserver.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString query = u"?token=hidden-word"_s;

WebRequest ask(const QUrl &url, const QByteArray &method = "GET")
{
    WebRequest request;
    request.method = method;
    request.url = url;
    request.headers = {{"Authorization", "Basic hidden-word"}};
    return request;
}

QUrl urlOf(const HttpTestServer &server, const QString &path = u"/v2/"_s)
{
    return QUrl(
        u"http://127.0.0.1:%1%2%3"_s.arg(QString::number(server.address().port), path, query));
}

void expect(const Result<HttpResponse> &answer, ErrorKind kind, const QString &detail)
{
    QVERIFY(!answer);
    QVERIFY2(answer.error().kind == kind, qPrintable(answer.error().summary()));
    QVERIFY2(answer.error().detail.contains(detail), qPrintable(answer.error().detail));
    QVERIFY2(!answer.error().summary().contains("hidden-word"_L1), "a secret is told");
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no file %s", qPrintable(path));
    return file.readAll();
}

void runOpenssl(const QString &arguments)
{
    QProcess process;
    process.start(u"openssl"_s, arguments.split(u' '));
    if (!process.waitForFinished() || process.exitCode() != 0)
        qFatal("openssl fails: %s", process.readAllStandardError().constData());
}

/// Answers "OK" to whoever accepts its certificate, which is for 127.0.0.1 and of an authority of
/// its own. Lives on the thread of the test, whose requests run its event loop.
class TlsServer
{
public:
    /// `days` until it expires; below zero: it did.
    explicit TlsServer(int days = 3)
    {
        QFile extensions(file(u"extensions"_s));
        if (!extensions.open(QIODevice::WriteOnly))
            qFatal("no settings for openssl");
        extensions.write("subjectAltName=IP:127.0.0.1\n");
        extensions.close();
        const QString newKey = u" -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "_s;
        runOpenssl(
            u"req -x509 -days 3 -subj /CN=authority -out "_s + authority() + newKey
            + file(u"ca.key"_s));
        runOpenssl(u"req -new -subj /CN=server -out "_s + file(u"csr"_s) + newKey + file(u"key"_s));
        runOpenssl(
            u"x509 -req -in %1 -CA %2 -CAkey %3 -CAcreateserial -days %4 -extfile %5 -out %6"_s.arg(
                file(u"csr"_s),
                authority(),
                file(u"ca.key"_s),
                QString::number(days),
                extensions.fileName(),
                file(u"crt"_s)));
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setLocalCertificate(QSslCertificate(contentOf(file(u"crt"_s))));
        tls.setPrivateKey(QSslKey(contentOf(file(u"key"_s)), QSsl::Ec));
        m_server.setSslConfiguration(tls);
        if (!m_server.listen(QHostAddress::Any))
            qFatal("the TLS server cannot listen");
        QObject::connect(&m_server, &QTcpServer::pendingConnectionAvailable, &m_server, [this] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket] {
                socket->readAll();
                socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
            });
        });
    }

    [[nodiscard]] QString authority() const { return file(u"ca.crt"_s); }
    [[nodiscard]] QUrl url(const QString &host = u"127.0.0.1"_s) const
    {
        return QUrl(u"https://%1:%2/v2/"_s.arg(host).arg(m_server.serverPort()) + query);
    }

private:
    [[nodiscard]] QString file(const QString &name) const { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
    QSslServer m_server;
};

} // namespace

class WebTransportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAnswerWithAnyStatusIsAValue_data()
    {
        QTest::addColumn<int>("status");
        for (const int status :
             {200, 202, 302, 400, 401, 403, 404, 405, 407, 409, 418, 429, 500, 501, 502, 503})
            QTest::addRow("%d", status) << status;
    }
    void anAnswerWithAnyStatusIsAValue()
    {
        QFETCH(const int, status);
        HttpTestServer server(Scheme::Tcp, [status](TestPeer &peer) {
            while (peer.readRequest())
                peer.answer(status, "its words");
        });
        WebTransport transport(u"the registry"_s, {});
        for (const QByteArray method : {"GET", "DELETE", "POST"}) {
            const auto answer = transport.send(ask(urlOf(server), method));
            QVERIFY2(answer, answer ? "" : qPrintable(answer.error().summary()));
            QCOMPARE(answer->status, status);
            QCOMPARE(answer->body, QByteArray("its words"));
        }
    }

    void aHeadHasNoBody()
    {
        HttpTestServer server(Scheme::Tcp, [](TestPeer &peer) {
            while (peer.readRequest())
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nX: y\r\n\r\n");
        });
        const auto answer = WebTransport(u"x"_s, {}).send(ask(urlOf(server), "HEAD"));
        QVERIFY(answer);
        QCOMPARE(answer->header("content-length"), QByteArray("7"));
        QCOMPARE(answer->header("x"), QByteArray("y"));
        QCOMPARE(answer->body, QByteArray());
    }

    void aRequestArrivesAsItWasMeant()
    {
        HttpTestServer server(Scheme::Tcp, [](TestPeer &peer) {
            while (const auto request = peer.readRequest()) {
                const QByteArray body = peer.readBody(*request);
                peer.answer(
                    200,
                    request->method + ' ' + request->target + ' ' + body + ' '
                        + request->headers.value("authorization") + ' '
                        + request->headers.value("accept-encoding") + ' '
                        + request->headers.value("cookie"));
            }
        });
        WebTransport transport(u"x"_s, {});
        const QUrl url(u"http://user:password@127.0.0.1:%1/a%2Fb?x=%2B%26&y=a+b#part"_s.arg(
            server.address().port));
        WebRequest request = ask(url, "PUT");
        request.body = "body";
        const auto answer = transport.send(request);
        QVERIFY(answer);
        QCOMPARE(
            answer->body, QByteArray("PUT /a%2Fb?x=%2B%26&y=a+b body Basic hidden-word identity "));
    }

    void oneConnectionServesManyRequestsOfAnyThread()
    {
        HttpTestServer server(Scheme::Tcp, [](TestPeer &peer) {
            while (peer.readRequest())
                peer.answer(200, "OK");
        });
        WebTransport transport(u"x"_s, {});
        for (int i = 0; i < 10; ++i) {
            std::thread([&] { QVERIFY(transport.send(ask(urlOf(server)))); }).join();
            QVERIFY(transport.send(ask(urlOf(server))));
        }
        QCOMPARE(server.connections(), 1);
    }

    void onlyWhatIsSafeIsSentAgain_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("POST") << QByteArray("POST") << QByteArray("body");
        QTest::newRow("POST of nothing") << QByteArray("POST") << QByteArray();
        QTest::newRow("PUT") << QByteArray("PUT") << QByteArray("body");
    }
    void onlyWhatIsSafeIsSentAgain()
    {
        QFETCH(const QByteArray, method);
        QFETCH(const QByteArray, body);
        std::atomic<int> requests = 0;
        HttpTestServer server(Scheme::Tcp, [&](TestPeer &peer) {
            if (const auto request = peer.readRequest()) {
                ++requests;
                (void)peer.readBody(*request);
            }
        });
        WebRequest request = ask(urlOf(server), method);
        request.body = body;
        expect(
            WebTransport(u"x"_s, {}).send(request), ErrorKind::Unreachable, u"connection broke"_s);
        QCOMPARE(requests.load(), 1);
    }

    void whatEndsBadlyIsAnError_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("cut off") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
                                 << ErrorKind::Unreachable;
        QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n\r\n")
                                 << ErrorKind::Unreachable;
        QTest::newRow("too long") << QByteArray(
            "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + QByteArray(2000, 'x'))
                                  << ErrorKind::Protocol;
    }
    void whatEndsBadlyIsAnError()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const ErrorKind, kind);
        HttpTestServer server(Scheme::Tcp, [&](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send(bytes);
        });
        WebRequest request = ask(urlOf(server));
        request.largestBody = 1000;
        expect(WebTransport(u"x"_s, {}).send(request), kind, {});
    }

    void silenceHasALimit()
    {
        HttpTestServer server(Scheme::Tcp, [](TestPeer &peer) { peer.waitForClose(); });
        WebRequest request = ask(urlOf(server));
        request.idleLimit = 200ms;
        expect(WebTransport(u"x"_s, {}).send(request), ErrorKind::TimedOut, u"silent for 200 ms"_s);
    }

    void connectingHasALimit()
    {
        HttpTestServer server(Scheme::Tcp, {});
        WebRequest request = ask(urlOf(server));
        request.connectLimit = 300ms;
        expect(
            WebTransport(u"x"_s, {}).send(request),
            ErrorKind::TimedOut,
            u"no connection within 300 ms"_s);
    }

    void cancellingEndsARequest()
    {
        HttpTestServer server(Scheme::Tcp, [](TestPeer &peer) { peer.waitForClose(); });
        CancelToken cancel;
        WebRequest request = ask(urlOf(server));
        std::thread other;
        HttpTestServer *watched = &server;
        other = std::thread([&cancel, watched] {
            while (watched->connections() == 0)
                std::this_thread::yield();
            cancel.cancel();
        });
        expect(
            WebTransport(u"x"_s, {}).send(request, cancel), ErrorKind::Cancelled, u"cancelled"_s);
        other.join();
        expect(
            WebTransport(u"x"_s, {}).send(request, cancel), ErrorKind::Cancelled, u"cancelled"_s);
    }

    void aSinkGetsTheBodyAndMayRefuseIt()
    {
        HttpTestServer server(Scheme::Tcp, [](TestPeer &peer) {
            while (peer.readRequest())
                peer.answer(200, QByteArray(3 * 1024 * 1024, 'x'));
        });
        WebTransport transport(u"x"_s, {});
        WebRequest request = ask(urlOf(server));
        qsizetype size = 0;
        request.sink = [&size](QByteArrayView part) -> Done {
            size += part.size();
            return {};
        };
        const auto answer = transport.send(request);
        QVERIFY(answer);
        QCOMPARE(size, 3 * 1024 * 1024);
        QCOMPARE(answer->body, QByteArray());
        request.sink = [](QByteArrayView) -> Done {
            return failure(ErrorKind::StorageFull, u"full"_s);
        };
        expect(transport.send(request), ErrorKind::StorageFull, u"full"_s);
    }

    void nobodyThereIsToldFromANameThatIsNotKnown()
    {
        WebTransport transport(u"x"_s, {});
        expect(
            transport.send(ask(QUrl(u"http://127.0.0.1:1/"_s + query))),
            ErrorKind::Unreachable,
            u"connection refused"_s);
        expect(
            transport.send(ask(QUrl(u"https://nobody.invalid/"_s + query))),
            ErrorKind::Unreachable,
            u"the host name \"nobody.invalid\" is not known"_s);
        expect(
            transport.send(ask(QUrl(u"file:///etc/passwd"_s))),
            ErrorKind::InvalidArgument,
            u"neither http nor https"_s);
    }

    void aCertificateMustBeGood()
    {
        TlsServer server;
        const auto answer =
            WebTransport(u"the registry"_s, {server.authority(), false}).send(ask(server.url()));
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().summary()));
        QCOMPARE(answer->body, QByteArray("OK"));

        expect(
            WebTransport(u"the registry"_s, {}).send(ask(server.url())),
            ErrorKind::Untrusted,
            u"nobody in this system's list of authorities vouches for the registry's certificate"_s);
        expect(
            WebTransport(u"the registry"_s, {server.authority(), false})
                .send(ask(server.url(u"127.0.0.2"_s))),
            ErrorKind::Untrusted,
            u"the registry's certificate is not for \"127.0.0.2\" but for 127.0.0.1"_s);
        TlsServer other;
        expect(
            WebTransport(u"the registry"_s, {other.authority(), false}).send(ask(server.url())),
            ErrorKind::Untrusted,
            u"vouches for the registry's certificate"_s);
        expect(
            WebTransport(u"the registry"_s, {u"/nowhere.pem"_s, false}).send(ask(server.url())),
            ErrorKind::Untrusted,
            u"the file of authorities cannot be read: /nowhere.pem"_s);
    }

    void anExpiredCertificateIsToldFromOthers()
    {
        TlsServer server(-1);
        expect(
            WebTransport(u"the registry"_s, {server.authority(), false}).send(ask(server.url())),
            ErrorKind::Untrusted,
            u"the registry's certificate expired on 20"_s);
    }

    void tlsAndPlainHttpAreNotMixedUp()
    {
        HttpTestServer plain(Scheme::Tcp, [](TestPeer &peer) {
            peer.answer(400, "what?");
            peer.waitForClose();
        });
        expect(
            WebTransport(u"x"_s, {})
                .send(ask(QUrl(u"https://127.0.0.1:%1/"_s.arg(plain.address().port)))),
            ErrorKind::Protocol,
            u"does not speak TLS"_s);
    }

    void originsAreComparedAsBrowsersDo_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("origin");
        QTest::newRow("usual port") << u"https://R.example:443/x?y"_s << u"https://r.example"_s;
        QTest::newRow("another port") << u"https://r.example:80/"_s << u"https://r.example:80"_s;
        QTest::newRow("plain") << u"http://r.example:80/"_s << u"http://r.example"_s;
        QTest::newRow("a login") << u"http://a:b@r.example/"_s << u"http://r.example"_s;
        QTest::newRow("IPv6") << u"https://[::1]:5000/"_s << u"https://[::1]:5000"_s;
    }
    void originsAreComparedAsBrowsersDo()
    {
        QFETCH(const QString, url);
        QFETCH(const QString, origin);
        QCOMPARE(webOriginOf(QUrl(url)), origin);
    }

private:
    using Scheme = EngineAddress::Scheme;
};

QTEST_GUILESS_MAIN(WebTransportTest)
#include "tst_webtransport.moc"
