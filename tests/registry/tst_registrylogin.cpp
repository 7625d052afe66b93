#include "services/registry/registrylogin.h"
#include "tests/registry/scripted.h"
#include "tests/support/waitfor.h"

#include <QTest>

#include <atomic>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const Credential alice{u"alice"_s, Secret("s3cret"), {}};
const QByteArray aliceBasic = "Basic " + QByteArray("alice:s3cret").toBase64();

QByteArray challenge(const QByteArray &realm)
{
    return "WWW-Authenticate: Bearer realm=\"" + realm
        + "\",service=\"r\",scope=\"repository:team/snapshots:pull\"" + "\r\n";
}

QByteArray words(const Done &done)
{
    return done ? QByteArray("it worked") : done.error().summary().toUtf8();
}

/// Tokens "token-1", "token-2" and so on.
class TokenServer
{
public:
    explicit TokenServer(const QByteArray &expiry = R"("expires_in":300)")
        : m_server([this, expiry](const TestRequest &) {
            return respond(
                200,
                "Content-Type: application/json\r\n",
                "{\"token\":\"token-" + QByteArray::number(++m_given) + "\"," + expiry + "}");
        })
    { }

    [[nodiscard]] QByteArray realm() const { return "http://" + m_server.host() + "/token"; }
    [[nodiscard]] int given() const { return m_given; }
    [[nodiscard]] QList<TestRequest> requests() const { return m_server.requests(); }

private:
    std::atomic<int> m_given = 0;
    ScriptedRegistry m_server;
};

/// Knows one token, and says where others are to be had.
QByteArray guarded(const TestRequest &request, const QByteArray &realm, const QByteArray &token)
{
    if (!token.isEmpty() && request.headers.value("authorization") == "Bearer " + token)
        return respond(404, "Content-Type: application/json\r\n", R"({"errors":[]})");
    return respond(401, challenge(realm));
}

} // namespace

class RegistryLoginTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTokenIsAskedForOnceAndKept()
    {
        TokenServer tokens;
        ScriptedRegistry server([&](const TestRequest &request) {
            return guarded(request, tokens.realm(), "token-1");
        });
        RegistryClient client(server.description(), alice);
        for (int i = 0; i < 3; ++i)
            QVERIFY(client.findManifest(u"v1"_s));
        QCOMPARE(tokens.given(), 1);
        QCOMPARE(server.requests().size(), 4);
        const TestRequest asked = tokens.requests().first();
        QCOMPARE(
            asked.target,
            QByteArray(
                "/token?service=r&scope=repository%3Ateam%2Fsnapshots%3Apull&account=alice"));
        QCOMPARE(asked.headers.value("authorization"), aliceBasic);
        QVERIFY2(
            !server.headers("authorization").contains(aliceBasic), "the registry got the password");
    }

    void aTokenThatIsAboutToExpireIsNotUsed()
    {
        TokenServer tokens(R"("expires_in":1)");
        ScriptedRegistry server([&](const TestRequest &request) {
            return guarded(request, tokens.realm(), request.headers.value("authorization").mid(7));
        });
        RegistryClient client(server.description(), alice);
        QVERIFY(waitFor(
            [&] { return client.findManifest(u"v1"_s).has_value() && tokens.given() > 1; }));
    }

    void aTokenOfUnknownLifetimeIsKeptForAWhile()
    {
        TokenServer tokens(R"("expires_in":-1)");
        ScriptedRegistry server([&](const TestRequest &request) {
            return guarded(request, tokens.realm(), "token-1");
        });
        RegistryClient client(server.description(), alice);
        QVERIFY(client.findManifest(u"v1"_s));
        QVERIFY(client.findManifest(u"v1"_s));
        QCOMPARE(tokens.given(), 1);
    }

    void aTokenThatIsUnknownAllAtOnceIsReplacedOnce()
    {
        TokenServer tokens;
        std::atomic<int> known = 1; // 0: none
        ScriptedRegistry server([&](const TestRequest &request) {
            return guarded(request, tokens.realm(), "token-" + QByteArray::number(known.load()));
        });
        RegistryClient client(server.description(), alice);
        QVERIFY(client.findManifest(u"v1"_s));
        known = 2;
        QVERIFY(client.findManifest(u"v1"_s));
        QCOMPARE(tokens.given(), 2);
        known = 0;
        const auto refused = client.findManifest(u"v1"_s);
        QCOMPARE(refused.error().kind, ErrorKind::Unauthorized);
        QCOMPARE(tokens.given(), 3);
    }

    void scopesHaveTokensOfTheirOwn()
    {
        TokenServer tokens;
        ScriptedRegistry server([&](const TestRequest &request) {
            return guarded(
                request, tokens.realm(), request.method == "DELETE" ? "token-2" : "token-1");
        });
        RegistryClient client(server.description(), alice);
        const QString digest = u"sha256:"_s + QString(64, u'a');
        for (int i = 0; i < 2; ++i) {
            QVERIFY(client.findManifest(digest));
            QVERIFY2(client.deleteManifest(digest), words(client.deleteManifest(digest)));
        }
        QCOMPARE(tokens.given(), 2);
    }

    void aRealmWithoutTlsIsRefusedWhenTheRegistryHasIt()
    {
        // What speaks TLS is tested with a real registry; here the rule alone.
        TokenServer tokens;
        Registry registry;
        registry.host = u"registry.invalid"_s;
        registry.repository = u"x"_s;
        RegistryNetwork network(registry);
        RegistryLogin login(network, registry.insecure, alice);
        const auto answer = login.answer(
            parseChallenges(challenge(tokens.realm()).mid(18)), u"repository:x:pull"_s, {}, {});
        QCOMPARE(answer.error().kind, ErrorKind::Protocol);
        QVERIFY(answer.error().detail.contains("without TLS"_L1));
        QCOMPARE(tokens.given(), 0);
    }

    void aRealmThatIsNoneIsRefused_data()
    {
        QTest::addColumn<QByteArray>("realm");
        QTest::newRow("a file") << QByteArray("file:///etc/passwd");
        QTest::newRow("no host") << QByteArray("https:///token");
        QTest::newRow("a path") << QByteArray("/token");
        QTest::newRow("nothing") << QByteArray();
    }
    void aRealmThatIsNoneIsRefused()
    {
        QFETCH(const QByteArray, realm);
        ScriptedRegistry server(
            [&](const TestRequest &) { return respond(401, challenge(realm)); });
        const Done done = RegistryClient(server.description(), alice).ping();
        QCOMPARE(done.error().kind, ErrorKind::Protocol);
    }

    void anIdentityTokenIsPostedAndAskedForWithGetElsewhere_data()
    {
        QTest::addColumn<int>("statusOfPost");
        QTest::addColumn<QList<QByteArray>>("methods");
        QTest::newRow("known") << 200 << QList<QByteArray>{"POST"};
        QTest::newRow("not found") << 404 << QList<QByteArray>{"POST", "GET"};
    }
    void anIdentityTokenIsPostedAndAskedForWithGetElsewhere()
    {
        QFETCH(const int, statusOfPost);
        QFETCH(const QList<QByteArray>, methods);
        ScriptedRegistry tokens([&](const TestRequest &request) {
            const bool isPost = request.method == "POST";
            return respond(
                isPost ? statusOfPost : 200,
                "Content-Type: application/json\r\n",
                R"({"access_token":"t"})");
        });
        ScriptedRegistry server([&](const TestRequest &request) {
            return guarded(request, "http://" + tokens.host() + "/oauth", "t");
        });
        const Credential credential{{}, {}, Secret("identity token&")};
        QVERIFY(RegistryClient(server.description(), credential).findManifest(u"v1"_s));
        QList<QByteArray> asked;
        for (const TestRequest &request : tokens.requests())
            asked.append(request.method);
        QCOMPARE(asked, methods);
        QCOMPARE(
            tokens.bodies().first(),
            QByteArray("service=r&scope=repository%3Ateam%2Fsnapshots%3Apull"
                       "&grant_type=refresh_token&client_id=sandglass"
                       "&refresh_token=identity%20token%26"));
        if (methods.size() == 2) {
            QCOMPARE(
                tokens.requests().last().headers.value("authorization"),
                QByteArray("Basic " + QByteArray("<token>:identity token&").toBase64()));
        }
    }

    void aTokenServerThatFailsIsTold_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("refuses") << respond(401, "", R"({"details":"s3cret is wrong"})")
                                 << ErrorKind::Unauthorized;
        QTest::newRow("fails") << respond(503, "") << ErrorKind::Registry;
        QTest::newRow("is busy") << respond(429, "Retry-After: 7\r\n") << ErrorKind::RateLimited;
        QTest::newRow("redirects")
            << respond(302, "Location: http://127.0.0.1:1/\r\n") << ErrorKind::Protocol;
        QTest::newRow("is a page")
            << respond(200, "Content-Type: text/html\r\n", "<html>") << ErrorKind::Protocol;
        QTest::newRow("gives nothing") << respond(200, "", "{}") << ErrorKind::Protocol;
        QTest::newRow("gives a header of its own")
            << respond(200, "", "{\"token\":\"a\\r\\nX: y\"}") << ErrorKind::Protocol;
    }
    void aTokenServerThatFailsIsTold()
    {
        QFETCH(const QByteArray, answer);
        QFETCH(const ErrorKind, kind);
        ScriptedRegistry tokens([&](const TestRequest &) { return answer; });
        ScriptedRegistry server([&](const TestRequest &request) {
            return guarded(request, "http://" + tokens.host() + "/token", "t");
        });
        const Done done = RegistryClient(server.description(), alice).ping();
        QVERIFY2(done.error().kind == kind, words(done));
        QVERIFY2(!done.error().summary().contains("s3cret"_L1), words(done));
        QVERIFY2(done.error().origin.contains("/token"_L1), words(done));
    }

    void basicIsSentToTheRegistryFromThenOn()
    {
        ScriptedRegistry server([&](const TestRequest &request) {
            return request.headers.value("authorization") == aliceBasic
                ? respond(200, "", "{}")
                : respond(401, "WWW-Authenticate: Basic realm=\"x\"\r\n");
        });
        RegistryClient client(server.description(), alice);
        QVERIFY(client.ping());
        QVERIFY(client.ping());
        QCOMPARE(server.headers("authorization"), (QList<QByteArray>{"", aliceBasic, aliceBasic}));
        const Credential wrong{u"alice"_s, Secret("wrong"), {}};
        QCOMPARE(
            RegistryClient(server.description(), wrong).ping().error().kind,
            ErrorKind::Unauthorized);
    }

    void aLoginOfAnUnknownKindIsTold()
    {
        ScriptedRegistry server(
            [](const TestRequest &) { return respond(401, "WWW-Authenticate: Negotiate\r\n"); });
        const Done done = RegistryClient(server.description(), alice).ping();
        QCOMPARE(done.error().kind, ErrorKind::Protocol);
    }

    void noRedirectCarriesTheLoginToAnotherHost_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {301, 302, 303, 307, 308})
            QTest::addRow("%d", status) << status;
    }
    void noRedirectCarriesTheLoginToAnotherHost()
    {
        QFETCH(const int, status);
        ScriptedRegistry storage([](const TestRequest &) {
            return respond(200, "Content-Type: application/octet-stream\r\n", "abc");
        });
        ScriptedRegistry server([&](const TestRequest &request) {
            if (request.headers.value("authorization") != aliceBasic)
                return respond(401, "WWW-Authenticate: Basic realm=\"x\"\r\n");
            if (request.target.endsWith("here"))
                return respond(
                    status, "Location: http://" + storage.host() + "/s?signature=a%2Fb\r\n");
            return respond(status, "Location: ./here\r\n");
        });
        RegistryClient client(server.description(), alice);
        const Done read = client.readBlob(
            u"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s,
            [](QByteArrayView) { return Done(); });
        QVERIFY2(read, words(read));
        // To the same host it goes along.
        QCOMPARE(server.headers("authorization"), (QList<QByteArray>{"", aliceBasic, aliceBasic}));
        QCOMPARE(storage.headers("authorization"), QList<QByteArray>{""});
        QCOMPARE(storage.requests().first().target, QByteArray("/s?signature=a%2Fb"));
    }
};

QTEST_GUILESS_MAIN(RegistryLoginTest)
#include "tst_registrylogin.moc"
