#include "services/api/httpstatus.h"
#include "services/api/jsonbody.h"
#include "services/api/router.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

QString codeOf(const ApiResponse &response)
{
    return QJsonDocument::fromJson(response.body)["error"_L1]["code"_L1].toString();
}

/// A route that answers with what it was given.
Router echoRouter()
{
    Router router;
    const auto echo = [](const RouteRequest &call) -> Result<ApiResponse> {
        QJsonObject seen{{u"key"_s, call.idempotencyKey}, {u"caller"_s, call.caller.text()}};
        for (auto it = call.captured.begin(); it != call.captured.end(); ++it)
            seen.insert(it.key(), it.value());
        for (auto it = call.query.begin(); it != call.query.end(); ++it)
            seen.insert(u"?"_s + it.key(), it.value());
        return jsonResponse(200, seen);
    };
    router.add({"GET", u"/things/{thing}"_s, {u"q"_s, u"limit"_s}, echo});
    router.add({"DELETE", u"/things/{thing}"_s, {}, echo});
    router.add({"POST", u"/things"_s, {}, echo});
    router.add({"GET", u"/fail"_s, {}, [](const RouteRequest &) -> Result<ApiResponse> {
                    return failure(ErrorKind::LimitReached, u"100 snapshots"_s);
                }});
    return router;
}

ApiResponse route(const QByteArray &method, const QByteArray &path, const QByteArray &query = {})
{
    ApiRequest request;
    request.method = method;
    request.path = path;
    request.query = query;
    request.clientAddress = u"127.0.0.1"_s;
    return echoRouter().answer(request);
}

/// Everything that a reader of bodies is asked for, from one body.
Done readAll(const QByteArray &body)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonBody(body));
    JsonFields fields(object);
    (void)fields.text(u"text"_s, 10);
    (void)fields.integer(u"integer"_s);
    (void)fields.number(u"number"_s);
    (void)fields.boolean(u"boolean"_s);
    (void)fields.texts(u"texts"_s);
    if (auto inner = fields.object(u"object"_s)) {
        (void)inner->text(u"text"_s);
        SANDGLASS_CHECK(inner->finish());
    }
    return fields.finish();
}

} // namespace

class ApiRequestsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyErrorKindHasAStatus()
    {
        for (int i = 0; i <= int(ErrorKind::Internal); ++i) {
            const int status = httpStatusOf(ErrorKind(i));
            QVERIFY2(status >= 400 && status < 600, qPrintable(nameOf(ErrorKind(i))));
        }
        QCOMPARE(httpStatusOf(ErrorKind::NotFound), 404);
        QCOMPARE(httpStatusOf(ErrorKind::LimitReached), 403);
        const ApiResponse response =
            errorResponse(Error{ErrorKind::Engine, u"commit"_s, {}, u"disk on fire"_s, 500});
        QCOMPARE(response.status, 502);
        QCOMPARE(codeOf(response), u"engine_failure"_s);
        QVERIFY(response.body.contains("disk on fire"));
    }

    void bodiesAreReadStrictly_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("good");
        const auto good = [](const QByteArray &body) {
            QTest::newRow(body.left(60).constData()) << body << true;
        };
        const auto bad = [](const QByteArray &body) {
            QTest::newRow(body.left(60).constData()) << body << false;
        };
        QTest::newRow("nothing") << QByteArray() << true;
        good("{}");
        good(R"( {"text":"ten chars.", "integer":1} )");
        good(
            R"({"text":null, "integer":null, "texts":null, "object":null, "boolean":null, "number":null})");
        good(R"({"text":"a","text":"b"})");
        good(R"({"integer":-9007199254740991})");
        good(R"({"integer":9007199254740991})");
        good(R"({"integer":2.0})");
        good(R"({"integer":1e3})");
        good(R"({"number":0.5})");
        good(R"({"number":-1e300})");
        good(R"({"texts":[]})");
        good(R"({"texts":["a",""]})");
        good(R"({"object":{"text":"ä"}})");
        bad("x");
        bad("[]");
        bad("\"text\"");
        bad("null");
        bad("{");
        bad("{}{}");
        bad("{\"text\":\"a\",}");
        bad("{'text':'a'}");
        bad("\xff\xfe{\0}\0");
        bad("{\"text\":\"\xff\"}");
        bad(R"({"text":1})");
        bad(R"({"text":["a"]})");
        bad(R"({"text":"eleven char"})");
        bad("{\"text\":\"\\u0000\"}");
        bad("{\"text\":\"\\ud800\"}");
        bad(R"({"integer":"1"})");
        bad(R"({"integer":true})");
        bad(R"({"integer":1.5})");
        bad(R"({"integer":1e300})");
        bad(R"({"integer":1e999})");
        bad(R"({"integer":9223372036854775808})");
        bad(R"({"integer":9223372036854775807})");
        bad(R"({"integer":-9223372036854775809})");
        bad(R"({"integer":9007199254740992})");
        bad(R"({"integer":NaN})");
        bad(R"({"integer":[1]})");
        bad(R"({"number":"1"})");
        bad(R"({"number":1e999})");
        bad(R"({"boolean":1})");
        bad(R"({"boolean":"true"})");
        bad(R"({"texts":"a"})");
        bad(R"({"texts":[1]})");
        bad(R"({"texts":[null]})");
        bad(R"({"texts":{"0":"a"}})");
        bad(R"({"object":[]})");
        bad(R"({"object":"a"})");
        bad(R"({"object":{"typo":1}})");
        bad(R"({"typo":1})");
        bad(R"({"typo":null})");
        bad(R"({"Text":"a"})");
        QTest::newRow("deep arrays") << QByteArray(500'000, '[') << false;
        QTest::newRow("deep objects") << QByteArray("{\"object\":").repeated(50'000) << false;
        QTest::newRow("deep and closed")
            << "{\"text\":" + QByteArray(100'000, '[') + QByteArray(100'000, ']') + '}' << false;
    }

    void bodiesAreReadStrictly()
    {
        QFETCH(QByteArray, body);
        QFETCH(bool, good);
        const Done done = readAll(body);
        QVERIFY2(bool(done) == good, done ? "taken" : qPrintable(done.error().detail));
        if (!good)
            QCOMPARE(done.error().kind, ErrorKind::InvalidArgument);
    }

    void bodiesGiveWhatTheyHold()
    {
        JsonFields fields(*parseJsonBody(
            R"({"t":"x","i":-5,"n":1.25,"b":false,"l":["a","b"],"o":{"t":"y"},"big":9007199254740991})"));
        QCOMPARE(fields.requiredText(u"t"_s), u"x"_s);
        QCOMPARE(fields.integer(u"i"_s), std::optional<qint64>(-5));
        QCOMPARE(fields.number(u"n"_s), std::optional(1.25));
        QCOMPARE(fields.boolean(u"b"_s), std::optional(false));
        QCOMPARE(fields.texts(u"l"_s), std::optional(QStringList{u"a"_s, u"b"_s}));
        QCOMPARE(fields.object(u"o"_s)->text(u"t"_s), std::optional(u"y"_s));
        QCOMPARE(fields.integer(u"big"_s), std::optional<qint64>(9007199254740991));
        QCOMPARE(fields.integer(u"absent"_s), std::nullopt);
        QVERIFY(fields.finish());
        (void)fields.requiredText(u"t"_s);
        QVERIFY(fields.finish().error().detail.contains(u"\"t\" must be"_s));
    }

    void theRouterFindsItsRoutes_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("status");
        const auto add = [](const char *method, const char *path, const char *query, int status) {
            QTest::addRow("%s %s?%s", method, path, query)
                << QByteArray(method) << QByteArray(path) << QByteArray(query) << status;
        };
        add("GET", "/things/a", "", 200);
        add("HEAD", "/things/a", "", 200);
        add("DELETE", "/things/a", "", 200);
        add("POST", "/things", "", 200);
        add("GET", "/things/a", "q=x&limit=3", 200);
        add("GET", "/things/a", "q", 200);
        add("GET", "/things/%61", "", 200);
        add("GET", "/thing%73/a", "", 200);
        add("GET", "/fail", "", 403);
        add("GET", "/", "", 404);
        add("GET", "/nothing", "", 404);
        add("GET", "/things/", "", 404);
        add("GET", "/things/a/", "", 404);
        add("GET", "//things/a", "", 404);
        add("GET", "/things/a/b", "", 404);
        add("GET", "/things/../fail", "", 404);
        add("GET", "/things%2Fa", "", 404);
        add("GET", "/Things/a", "", 404);
        add("GET", "", "", 400);
        add("GET", "*", "", 400);
        add("GET", "http://127.0.0.1/things/a", "", 400);
        add("GET", "/things/%", "", 400);
        add("GET", "/things/%2", "", 400);
        add("GET", "/things/%zz", "", 400);
        add("GET", "/things/%ff", "", 400);
        add("GET", "/things/%c0%af", "", 400);
        add("GET", "/things/%00", "", 400);
        add("PUT", "/things/a", "", 405);
        add("OPTIONS", "/things", "", 405);
        add("get", "/things/a", "", 405);
        add("PROPFIND", "/things/a", "", 405);
        add("HEAD", "/things", "", 405);
        add("GET", "/things/a", "typo=1", 400);
        add("GET", "/things/a", "q=1&q=2", 400);
        add("GET", "/things/a", "q=%ff", 400);
        add("GET", "/things/a", "q=%", 400);
        add("GET", "/things/a", "&", 400);
        add("DELETE", "/things/a", "q=1", 400);
    }

    void theRouterFindsItsRoutes()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, query);
        QFETCH(int, status);
        const ApiResponse response = route(method, path, query);
        QCOMPARE(response.status, status);
        QCOMPARE(codeOf(response).isEmpty(), status == 200);
    }

    void theRouterSaysWhatIsAllowed()
    {
        const auto allow = [](const QByteArray &path) {
            return route("PATCH", path).headers.value(0);
        };
        QCOMPARE(
            allow("/things/a"), std::pair(QByteArray("Allow"), QByteArray("GET, HEAD, DELETE")));
        QCOMPARE(allow("/things"), std::pair(QByteArray("Allow"), QByteArray("POST")));
    }

    void anEncodedSlashMakesNoSegment()
    {
        const auto seen = [](const QByteArray &path, const QByteArray &query) {
            return QJsonDocument::fromJson(route("GET", path, query).body).object();
        };
        QCOMPARE(seen("/things/a%2Fb", {})["thing"_L1].toString(), u"a/b"_s);
        QCOMPARE(seen("/things/..%2F..", {})["thing"_L1].toString(), u"../.."_s);
        QCOMPARE(seen("/things/a+b", "q=c+d%2B%26")["thing"_L1].toString(), u"a+b"_s);
        QCOMPARE(seen("/things/a+b", "q=c+d%2B%26")["?q"_L1].toString(), u"c d+&"_s);
        QCOMPARE(
            seen("/things/%C3%A4", {})["caller"_L1].toString(),
            u"api (sandglassd) from 127.0.0.1"_s);
    }

    void idempotencyKeysAreChecked_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<bool>("good");
        QTest::newRow("plain") << QByteArray("key-1") << true;
        QTest::newRow("longest") << QByteArray(200, 'k') << true;
        QTest::newRow("too long") << QByteArray(201, 'k') << false;
        QTest::newRow("empty") << QByteArray("") << false;
        QTest::newRow("space") << QByteArray("a b") << false;
        QTest::newRow("two") << QByteArray("a, b") << false;
        QTest::newRow("not ASCII") << QByteArray("\xc3\xa4") << false;
    }

    void idempotencyKeysAreChecked()
    {
        QFETCH(QByteArray, key);
        QFETCH(bool, good);
        ApiRequest request;
        request.method = "POST";
        request.path = "/things";
        request.headers.insert("idempotency-key", key);
        const ApiResponse response = echoRouter().answer(request);
        QCOMPARE(response.status, good ? 200 : 400);
        if (good)
            QCOMPARE(QJsonDocument::fromJson(response.body)["key"_L1].toString().toLatin1(), key);
    }

    void randomPathsAndQueriesAreAnswered()
    {
        const QByteArray alphabet = "/%./?&=+af0z2F\xc3\xff things{}";
        QRandomGenerator random(7);
        const auto text = [&] {
            QByteArray bytes;
            for (int i = random.bounded(40); i > 0; --i)
                bytes += alphabet.at(random.bounded(int(alphabet.size())));
            return bytes;
        };
        const Router router = echoRouter();
        int refused = 0;
        for (int round = 0; round < 5000; ++round) {
            ApiRequest request;
            request.method = round % 2 ? "GET" : "DELETE";
            request.path = (round % 3 ? "/things/" : "") + text();
            request.query = round % 4 ? QByteArray() : text();
            const int status = router.answer(request).status;
            QVERIFY(status == 200 || (status >= 400 && status < 500));
            refused += status != 200;
        }
        QVERIFY(refused > 2500);
    }

    void randomBodiesAreReadOrRefused()
    {
        const QByteArray sound =
            R"({"text":"a","integer":12,"number":1.5,"boolean":true,"texts":["a"],"object":{"text":"\u00e4"}})";
        QVERIFY(readAll(sound));
        const QByteArray alphabet = QByteArray("{}[]\",:\\u0019eE+-.nulltrue\xff\xc3 ") + '\0';
        QRandomGenerator random(11);
        int refused = 0;
        for (int round = 0; round < 5000; ++round) {
            QByteArray bytes = sound;
            for (int change = random.bounded(1, 5); change > 0; --change) {
                const qsizetype at = random.bounded(int(bytes.size()));
                if (random.bounded(3) == 0)
                    bytes.remove(at, random.bounded(1, 10));
                else
                    bytes[at] = alphabet.at(random.bounded(int(alphabet.size())));
                if (bytes.isEmpty())
                    bytes = sound;
            }
            const Done done = readAll(bytes);
            refused += !done;
            QVERIFY(done || done.error().kind == ErrorKind::InvalidArgument);
        }
        QVERIFY(refused > 4000);
    }
};

QTEST_GUILESS_MAIN(ApiRequestsTest)
#include "tst_apirequests.moc"
