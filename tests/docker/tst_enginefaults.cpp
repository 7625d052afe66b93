#include "services/docker/dockerclient.h"
#include "tests/net/httptestserver.h"

#include <QElapsedTimer>
#include <QTest>

#include <mutex>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Scheme = EngineAddress::Scheme;

const QByteArray version =
    R"({"Version":"29.1","ApiVersion":"1.52","MinAPIVersion":"1.44","Os":"linux","Arch":"amd64"})";

/// An engine of which a test says what it answers after it has introduced itself; by "METHOD
/// path?query", the first that the request starts with.
class FakeEngine
{
public:
    struct Reply
    {
        QByteArray start;
        int status = 200;
        QByteArray body;
    };

    explicit FakeEngine(QList<Reply> replies, const QByteArray &versionBody = version)
        : m_replies(std::move(replies))
        , m_server(Scheme::Unix, [this, versionBody](TestPeer &peer) { serve(peer, versionBody); })
    { }

    [[nodiscard]] const EngineAddress &address() const { return m_server.address(); }
    [[nodiscard]] QList<QByteArray> requests() const
    {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }

private:
    void serve(TestPeer &peer, const QByteArray &versionBody)
    {
        while (const auto request = peer.readRequest()) {
            const QByteArray body = peer.readBody(*request);
            if (request->target == "/_ping")
                peer.answer(200, "OK");
            else if (request->target == "/version")
                peer.answer(200, versionBody);
            else
                reply(peer, request->method + ' ' + request->target, body);
        }
    }

    void reply(TestPeer &peer, const QByteArray &line, const QByteArray &body)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_requests.append(body.isEmpty() ? line : line + ' ' + body);
        }
        for (const Reply &one : m_replies) {
            if (line.startsWith(one.start)) {
                peer.answer(one.status, one.body);
                return;
            }
        }
        peer.answer(500, R"({"message":"not expected"})");
    }

    QList<Reply> m_replies;
    mutable std::mutex m_mutex;
    QList<QByteArray> m_requests;
    HttpTestServer m_server; // last: it serves with the others
};

std::unique_ptr<DockerClient> connected(const FakeEngine &engine)
{
    auto client = DockerClient::connect(engine.address());
    if (!client)
        qFatal("%s", qPrintable(client.error().summary()));
    return std::move(*client);
}

} // namespace

class EngineFaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsNoEngineIsSaidToBeNone_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("web server") << 404 << QByteArray("<html>no</html>") << ErrorKind::Protocol;
        QTest::newRow("answers all")
            << 200 << QByteArray("<html>hello</html>") << ErrorKind::Protocol;
        QTest::newRow("redirects") << 302 << QByteArray() << ErrorKind::Protocol;
        QTest::newRow("wants a login") << 401 << QByteArray("login") << ErrorKind::Protocol;
        QTest::newRow("ill engine")
            << 500 << QByteArray(R"({"message":"ill"})") << ErrorKind::Engine;
    }
    void whatIsNoEngineIsSaidToBeNone()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        QFETCH(const ErrorKind, kind);
        HttpTestServer server(Scheme::Tcp, [&](TestPeer &peer) {
            while (peer.readRequest())
                peer.answer(status, body);
        });
        const auto client = DockerClient::connect(server.address());
        QVERIFY(!client);
        QCOMPARE(client.error().kind, kind);
        if (kind == ErrorKind::Protocol)
            QVERIFY(client.error().detail.startsWith(u"not a Docker-compatible engine"_s));
        QVERIFY(client.error().origin.startsWith(server.address().text()));
    }

    void aVersionThatIsNotSpokenIsNamed()
    {
        FakeEngine old({}, R"({"Version":"18.09","ApiVersion":"1.39","MinAPIVersion":"1.12"})");
        const auto client = DockerClient::connect(old.address());
        QVERIFY(!client);
        QCOMPARE(client.error().kind, ErrorKind::UnsupportedVersion);
        for (const QString &text : {u"1.12"_s, u"1.39"_s, u"1.40"_s, u"1.56"_s})
            QVERIFY(client.error().detail.contains(text));
        QCOMPARE(client.error().origin, old.address().text());
    }

    void aTransferEndsWithADigestOrFails_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("words"); // in the error
        QTest::newRow("nothing") << QByteArray() << ErrorKind::Protocol << u"without a digest"_s;
        QTest::newRow("an end too early") << QByteArray("{\"id\":\"a\",\"status\":\"Pushed\"}\r\n")
                                          << ErrorKind::Protocol << u"without a digest"_s;
        QTest::newRow("nonsense") << QByteArray("<html>") << ErrorKind::Protocol << u"push image"_s;
        QTest::newRow("unknown words")
            << QByteArray("{\"errorDetail\":{\"message\":\"it broke\"}}\n") << ErrorKind::Engine
            << u"it broke"_s;
        QTest::newRow("an error after a digest")
            << QByteArray("{\"aux\":{\"Tag\":\"v1\",\"Digest\":\"sha256:1\"}}\n"
                          "{\"errorDetail\":{\"message\":\"denied: no\"}}")
            << ErrorKind::PermissionDenied << u"denied: no"_s;
        QTest::newRow("content that is missing")
            << QByteArray("{\"aux\":{\"contentMissing\":true}}\n"
                          "{\"errorDetail\":{\"message\":\"not found\"}}")
            << ErrorKind::Engine << u"does not have all of its content"_s;
    }
    void aTransferEndsWithADigestOrFails()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const ErrorKind, kind);
        QFETCH(const QString, words);
        FakeEngine engine({{"POST /v1.52/images/h:1/r/push?tag=v1", 200, body}});
        const auto pushed = connected(engine)->push(u"h:1/r"_s, u"v1"_s, {});
        QVERIFY(!pushed);
        QCOMPARE(pushed.error().kind, kind);
        QVERIFY2(pushed.error().summary().contains(words), qPrintable(pushed.error().summary()));
        QVERIFY(pushed.error().origin.contains(u"/images/h:1/r/push"_s));
    }

    void whatWouldMoveMoreThanOneTagIsRefused()
    {
        FakeEngine engine({});
        const auto client = connected(engine);
        for (const QString &tag : {QString(), u"a b"_s}) {
            const auto pushed = client->push(u"h:1/r"_s, tag, {});
            QVERIFY(!pushed);
            QCOMPARE(pushed.error().kind, ErrorKind::InvalidArgument);
        }
        QVERIFY(!client->push(u"h:1/r:v1"_s, u"v2"_s, {}));
        QVERIFY(!client->pull(u"h:1/r"_s, {}));
        QCOMPARE(engine.requests(), QList<QByteArray>());
    }

    void aHangingEngineTimesOutWithinFiveSeconds()
    {
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) { peer.waitForClose(); });
        QElapsedTimer elapsed;
        elapsed.start();
        const auto client = DockerClient::connect(server.address());
        QVERIFY(!client);
        QCOMPARE(client.error().kind, ErrorKind::TimedOut);
        QVERIFY(elapsed.elapsed() < 6000);
    }

    void aStatusBecomesAKindWithTheEnginesWords_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<ErrorKind>("kind");
        const auto row = [](int status, const char *message, ErrorKind kind) {
            QTest::addRow("%d %s", status, message) << status << QByteArray(message) << kind;
        };
        row(301, "", ErrorKind::Protocol);
        row(400, "invalid reference format", ErrorKind::InvalidArgument);
        row(400,
            "client version 1.52 is too new. Maximum supported API version is 1.41",
            ErrorKind::UnsupportedVersion);
        row(401, "login", ErrorKind::Unauthorized);
        row(403, "denied by plugin", ErrorKind::PermissionDenied);
        row(404, "No such container: x", ErrorKind::NotFound);
        row(409, "in use", ErrorKind::Conflict);
        row(422, "unprocessable", ErrorKind::InvalidArgument);
        row(500, "it broke", ErrorKind::Engine);
        row(500, "write /big: no space left on device", ErrorKind::StorageFull);
        row(503, "not now", ErrorKind::Engine);
    }
    void aStatusBecomesAKindWithTheEnginesWords()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, message);
        QFETCH(const ErrorKind, kind);
        FakeEngine engine(
            {{"POST /v1.52/containers/x/pause", status, R"({"message":")" + message + R"("})"}});
        const auto paused = connected(engine)->pauseContainer(u"x"_s);
        QVERIFY(!paused);
        QCOMPARE(paused.error().kind, kind);
        QCOMPARE(paused.error().httpStatus, status);
        if (!message.isEmpty())
            QCOMPARE(paused.error().remoteMessage, QString::fromUtf8(message));
        QCOMPARE(paused.error().detail, u"pause container x"_s);
        QCOMPARE(
            paused.error().origin, engine.address().text() + u" POST /v1.52/containers/x/pause"_s);
    }

    void aNameNeverReachesAnotherPath_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name :
             {"",
              ".",
              "..",
              "../x",
              "x/../../images/json",
              "x/json",
              "x?all=1",
              "x#y",
              "x%2F..",
              "x y",
              "-x",
              "x\n"})
            QTest::newRow(name) << QString::fromLatin1(name);
        QTest::newRow("long") << QString(300, u'a');
    }
    void aNameNeverReachesAnotherPath()
    {
        QFETCH(const QString, name);
        FakeEngine engine({});
        const auto client = connected(engine);
        const auto refused = [](const auto &result) {
            return !result && result.error().kind == ErrorKind::InvalidArgument;
        };
        QVERIFY(refused(client->inspectContainer(name)));
        QVERIFY(refused(client->startContainer(name)));
        QVERIFY(refused(client->stopContainer(name, 1s)));
        QVERIFY(refused(client->removeContainer(name)));
        QVERIFY(refused(client->changes(name)));
        QVERIFY(refused(client->exec(name, {u"true"_s})));
        QVERIFY(refused(client->commit({name, u"r"_s, u"t"_s, {}, {}, {}})));
        if (name != u"x/json"_s && name.size() < 300) { // an image may be called so
            QVERIFY(refused(client->inspectImage(name)));
            QVERIFY(refused(client->removeImage(name)));
            QVERIFY(refused(client->tagImage(name, u"r"_s, u"t"_s)));
        }
        QVERIFY(engine.requests().isEmpty());
    }

    void anImageReferenceKeepsItsSlashes()
    {
        FakeEngine engine(
            {{"GET /v1.52/images/localhost:5000/team/x:v1/json", 200, R"({"Id":"sha256:1"})"}});
        QVERIFY(connected(engine)->inspectImage(u"localhost:5000/team/x:v1"_s));
    }

    void aCommitSendsEverythingAsItIs()
    {
        FakeEngine engine({{"POST /v1.52/commit", 201, R"({"Id":"sha256:1"})"}});
        const auto id = connected(engine)->commit(
            {u"c1"_s,
             u"sandglass-snapshots"_s,
             u"sb-1-snap-1"_s,
             u"50% + more"_s,
             {u"ENV A="_s, u"ENV B=\"x&y\""_s},
             {{u"io.sandglass.snapshot.note"_s, u"ü \"q\" %41"_s}}});
        QVERIFY(id);
        QCOMPARE(*id, u"sha256:1"_s);
        QCOMPARE(
            engine.requests(),
            QList<QByteArray>{
                "POST /v1.52/commit?container=c1&repo=sandglass-snapshots&tag=sb-1-snap-1"
                "&comment=50%25%20%2B%20more&pause=0&changes=ENV%20A%3D&changes=ENV%20B%3D%22x%26y%"
                "22"
                " {\"Labels\":{\"io.sandglass.snapshot.note\":\"\xc3\xbc \\\"q\\\" %41\"}}"});
    }

    void aRemovalThatIsUnderWayIsWaitedFor()
    {
        FakeEngine engine(
            {{"DELETE /v1.52/containers/c1?force=1&v=1",
              409,
              R"({"message":"removal of container c1 is already in progress"})"},
             {"POST /v1.52/containers/c1/wait?condition=removed", 200, R"({"StatusCode":137})"},
             {"DELETE /v1.52/containers/c2",
              409,
              R"({"message":"removal of container c2 is already in progress"})"},
             {"POST /v1.52/containers/c2/wait", 404, R"({"message":"No such container: c2"})"},
             {"DELETE /v1.52/containers/c3", 409, R"({"message":"driver failed"})"}});
        const auto client = connected(engine);
        QVERIFY(client->removeContainer(u"c1"_s));
        QVERIFY(client->removeContainer(u"c2"_s)); // gone before the question came
        const auto failed = client->removeContainer(u"c3"_s);
        QVERIFY(!failed);
        QCOMPARE(failed.error().kind, ErrorKind::Conflict);
        QCOMPARE(engine.requests().size(), 5);
    }

    void anAnswerThatIsNoJsonIsAProtocolError()
    {
        FakeEngine engine({{"GET /v1.52/info", 200, "<html>"}});
        const auto info = connected(engine)->info();
        QVERIFY(!info);
        QCOMPARE(info.error().kind, ErrorKind::Protocol);
        QVERIFY(info.error().origin.endsWith(u" GET /v1.52/info"_s));
    }

    void filtersAreSentAsJson()
    {
        FakeEngine engine(
            {{"GET /v1.52/containers/json", 200, "[]"}, {"GET /v1.52/images/json", 200, "[]"}});
        const auto client = connected(engine);
        QVERIFY(client->containers({u"a"_s, u"b=c d"_s}));
        QVERIFY(client->images({}));
        QCOMPARE(
            engine.requests(),
            (QList<QByteArray>{
                "GET "
                "/v1.52/containers/"
                "json?all=1&filters=%7B%22label%22%3A%5B%22a%22%2C%22b%3Dc%20d%22%5D%7D",
                "GET /v1.52/images/json"}));
    }
};

QTEST_GUILESS_MAIN(EngineFaultsTest)
#include "tst_enginefaults.moc"
