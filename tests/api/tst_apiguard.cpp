#include "services/api/apiguard.h"
#include "services/api/listenrules.h"

#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray goodToken = "0123456789abcdef0123456789abcdef";

ApiRequest
requestWith(const QHash<QByteArray, QByteArray> &headers, const QByteArray &path = "/v1/engines")
{
    ApiRequest request;
    request.method = "GET";
    request.path = path;
    request.headers = headers;
    request.serverPort = 8900;
    return request;
}

int refusalStatus(const ApiGuard &guard, const ApiRequest &request)
{
    const auto refused = guard.refusal(request);
    return refused ? refused->status : 0;
}

} // namespace

class ApiGuardTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theGuardLetsOnlyItsOwnIn_data()
    {
        using Headers = QHash<QByteArray, QByteArray>;
        QTest::addColumn<Headers>("headers");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("status"); // 0: let in
        const QByteArray bearer = "Bearer " + goodToken;
        const auto add = [](const char *name,
                            const Headers &headers,
                            int status,
                            const QByteArray &path = "/v1/engines") {
            QTest::newRow(name) << headers << path << status;
        };
        add("good", {{"host", "127.0.0.1:8900"}, {"authorization", bearer}}, 0);
        add("localhost", {{"host", "LocalHost:8900"}, {"authorization", bearer}}, 0);
        add("IPv6", {{"host", "[::1]:8900"}, {"authorization", bearer}}, 0);
        add("scheme in lower case",
            {{"host", "127.0.0.1:8900"}, {"authorization", "bearer " + goodToken}},
            0);
        add("extra name", {{"host", "sandglass.example.com"}, {"authorization", bearer}}, 0);
        add("extra name, any port",
            {{"host", "sandglass.example.com:443"}, {"authorization", bearer}},
            0);
        add("extra name with port",
            {{"host", "proxy.example.com:8443"}, {"authorization", bearer}},
            0);
        add("extra name, other port",
            {{"host", "proxy.example.com:8444"}, {"authorization", bearer}},
            421);
        add("no host", {{"authorization", bearer}}, 400);
        add("foreign host", {{"host", "evil.example.com"}, {"authorization", bearer}}, 421);
        add("rebound host", {{"host", "evil.example.com:8900"}, {"authorization", bearer}}, 421);
        add("rebound host, open path", {{"host", "evil.example.com:8900"}}, 421, "/healthz");
        add("other port", {{"host", "127.0.0.1:8901"}, {"authorization", bearer}}, 421);
        add("no port", {{"host", "127.0.0.1"}, {"authorization", bearer}}, 421);
        add("empty port", {{"host", "127.0.0.1:"}, {"authorization", bearer}}, 421);
        add("host as suffix",
            {{"host", "127.0.0.1.evil.com:8900"}, {"authorization", bearer}},
            421);
        add("two hosts", {{"host", "127.0.0.1:8900, evil.com"}, {"authorization", bearer}}, 421);
        add("other address", {{"host", "10.0.0.1:8900"}, {"authorization", bearer}}, 421);
        add("no token", {{"host", "127.0.0.1:8900"}}, 401);
        add("empty token", {{"host", "127.0.0.1:8900"}, {"authorization", "Bearer "}}, 401);
        add("wrong token",
            {{"host", "127.0.0.1:8900"}, {"authorization", "Bearer " + goodToken + "x"}},
            401);
        add("half a token",
            {{"host", "127.0.0.1:8900"}, {"authorization", "Bearer " + goodToken.left(16)}},
            401);
        add("other scheme",
            {{"host", "127.0.0.1:8900"}, {"authorization", "Basic " + goodToken}},
            401);
        add("bare token", {{"host", "127.0.0.1:8900"}, {"authorization", goodToken}}, 401);
        add("two tokens",
            {{"host", "127.0.0.1:8900"}, {"authorization", bearer + ", " + bearer}},
            401);
        add("health", {{"host", "127.0.0.1:8900"}}, 0, "/healthz");
        add("readiness", {{"host", "127.0.0.1:8900"}}, 0, "/readyz");
        add("metrics", {{"host", "127.0.0.1:8900"}}, 0, "/metrics");
        add("contract", {{"host", "127.0.0.1:8900"}}, 401, "/openapi.json");
        add("below an open path", {{"host", "127.0.0.1:8900"}}, 401, "/healthz/..");
        add("own origin",
            {{"host", "127.0.0.1:8900"},
             {"authorization", bearer},
             {"origin", "http://127.0.0.1:8900"}},
            0);
        add("foreign origin",
            {{"host", "127.0.0.1:8900"}, {"authorization", bearer}, {"origin", "https://evil.com"}},
            403);
        add("origin of another port",
            {{"host", "127.0.0.1:8900"},
             {"authorization", bearer},
             {"origin", "http://127.0.0.1:80"}},
            403);
        add("no origin",
            {{"host", "127.0.0.1:8900"}, {"authorization", bearer}, {"origin", "null"}},
            403);
        add("empty origin",
            {{"host", "127.0.0.1:8900"}, {"authorization", bearer}, {"origin", ""}},
            403);
    }

    void theGuardLetsOnlyItsOwnIn()
    {
        using Headers = QHash<QByteArray, QByteArray>;
        QFETCH(Headers, headers);
        QFETCH(QByteArray, path);
        QFETCH(int, status);
        const ApiGuard guard(
            {Secret(goodToken),
             QHostAddress(QHostAddress::LocalHost),
             {u"Sandglass.example.com"_s, u"proxy.example.com:8443"_s}});
        const auto refused = guard.refusal(requestWith(headers, path));
        QCOMPARE(refused ? refused->status : 0, status);
        if (status == 401)
            QCOMPARE(refused->headers.value(0).first, QByteArray("WWW-Authenticate"));
    }

    void theGuardKnowsTheAddressItListensOn()
    {
        const ApiGuard guard({Secret(goodToken), QHostAddress(u"192.0.2.7"_s), {}});
        QCOMPARE(refusalStatus(guard, requestWith({{"host", "192.0.2.7:8900"}}, "/healthz")), 0);
        QCOMPARE(refusalStatus(guard, requestWith({{"host", "192.0.2.8:8900"}}, "/healthz")), 421);
        const ApiGuard wildcard({Secret(goodToken), QHostAddress(QHostAddress::AnyIPv4), {}});
        QCOMPARE(refusalStatus(wildcard, requestWith({{"host", "127.0.0.1:8900"}}, "/healthz")), 0);
        QCOMPARE(
            refusalStatus(wildcard, requestWith({{"host", "192.0.2.8:8900"}}, "/healthz")), 421);
    }

    void onlyJsonBodiesAreTaken_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("taken");
        QTest::newRow("json") << QByteArray("application/json") << QByteArray("{}") << true;
        QTest::newRow("charset") << QByteArray("Application/JSON; charset=utf-8")
                                 << QByteArray("{}") << true;
        QTest::newRow("no body") << QByteArray() << QByteArray() << true;
        QTest::newRow("no type") << QByteArray() << QByteArray("{}") << false;
        QTest::newRow("text") << QByteArray("text/plain") << QByteArray("{}") << false;
        QTest::newRow("form") << QByteArray("application/x-www-form-urlencoded") << QByteArray("{}")
                              << false;
        QTest::newRow("prefix") << QByteArray("application/jsonx") << QByteArray("{}") << false;
        QTest::newRow("two types")
            << QByteArray("text/plain, application/json") << QByteArray("{}") << false;
    }

    void onlyJsonBodiesAreTaken()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(bool, taken);
        ApiRequest request = requestWith({{"content-type", type}});
        request.body = body;
        const auto refused = refusalOfContentType(request);
        QCOMPARE(!refused, taken);
        QVERIFY(taken || refused->status == 415);
    }

    void listeningBeyondThisMachineNeedsACertificateOrAWord_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("certificate");
        QTest::addColumn<bool>("insecure");
        QTest::addColumn<QString>("result");
        QTest::newRow("loopback") << u"127.0.0.1"_s << false << false << u"http"_s;
        QTest::newRow("other loopback") << u"127.8.9.1"_s << false << false << u"http"_s;
        QTest::newRow("IPv6 loopback") << u"::1"_s << false << false << u"http"_s;
        QTest::newRow("loopback, certificate") << u"127.0.0.1"_s << true << false << u"https"_s;
        QTest::newRow("loopback, word") << u"127.0.0.1"_s << false << true << u"http"_s;
        QTest::newRow("all") << u"0.0.0.0"_s << false << false << u"refused"_s;
        QTest::newRow("all of IPv6") << u"::"_s << false << false << u"refused"_s;
        QTest::newRow("private") << u"192.168.1.2"_s << false << false << u"refused"_s;
        QTest::newRow("mapped") << u"::ffff:192.168.1.2"_s << false << false << u"refused"_s;
        QTest::newRow("all, certificate") << u"0.0.0.0"_s << true << false << u"https"_s;
        QTest::newRow("all, word") << u"0.0.0.0"_s << false << true << u"http"_s;
        QTest::newRow("all, both") << u"::"_s << true << true << u"https"_s;
        QTest::newRow("nowhere") << QString() << false << false << u"refused"_s;
    }

    void listeningBeyondThisMachineNeedsACertificateOrAWord()
    {
        QFETCH(QString, address);
        QFETCH(bool, certificate);
        QFETCH(bool, insecure);
        QFETCH(QString, result);
        const auto scheme = decideListenScheme(QHostAddress(address), certificate, insecure);
        QCOMPARE(
            !scheme                              ? u"refused"_s
                : *scheme == ListenScheme::Https ? u"https"_s
                                                 : u"http"_s,
            result);
        if (!scheme)
            QCOMPARE(scheme.error().kind, ErrorKind::InvalidArgument);
    }

    void listenEndpointsAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("address"); // empty: refused
        QTest::addColumn<int>("port");
        QTest::newRow("usual") << u"127.0.0.1:8900"_s << u"127.0.0.1"_s << 8900;
        QTest::newRow("free port") << u"127.0.0.1:0"_s << u"127.0.0.1"_s << 0;
        QTest::newRow("all") << u"0.0.0.0:80"_s << u"0.0.0.0"_s << 80;
        QTest::newRow("IPv6") << u"[::1]:65535"_s << u"::1"_s << 65535;
        QTest::newRow("localhost") << u"localhost:1"_s << u"127.0.0.1"_s << 1;
        QTest::newRow("no port") << u"127.0.0.1"_s << QString() << 0;
        QTest::newRow("no address") << u":8900"_s << QString() << 0;
        QTest::newRow("port too large") << u"127.0.0.1:65536"_s << QString() << 0;
        QTest::newRow("port no number") << u"127.0.0.1:http"_s << QString() << 0;
        QTest::newRow("name") << u"example.com:8900"_s << QString() << 0;
        QTest::newRow("IPv6 without brackets") << u"::1:8900"_s << QString() << 0;
        QTest::newRow("IPv4 in brackets") << u"[127.0.0.1]:8900"_s << QString() << 0;
        QTest::newRow("URL") << u"http://127.0.0.1:8900"_s << QString() << 0;
        QTest::newRow("space") << u" 127.0.0.1:8900"_s << QString() << 0;
        QTest::newRow("line end") << u"127.0.0.1:8900\n"_s << QString() << 0;
        QTest::newRow("empty") << QString() << QString() << 0;
    }

    void listenEndpointsAreRead()
    {
        QFETCH(QString, text);
        QFETCH(QString, address);
        QFETCH(int, port);
        const auto endpoint = ListenEndpoint::parse(text);
        QCOMPARE(bool(endpoint), !address.isEmpty());
        if (endpoint) {
            QCOMPARE(endpoint->address, QHostAddress(address));
            QCOMPARE(int(endpoint->port), port);
        }
    }
};

QTEST_GUILESS_MAIN(ApiGuardTest)
#include "tst_apiguard.moc"
