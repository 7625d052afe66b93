#include "services/registry/challenge.h"
#include "services/registry/contentdigest.h"
#include "services/registry/manifest.h"
#include "services/registry/registryanswer.h"
#include "services/registry/taglist.h"

#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

HttpResponse answer(
    int status,
    const QByteArray &body,
    const QList<QPair<QByteArray, QByteArray>> &headers = {
        {"Content-Type", "application/json; charset=utf-8"}})
{
    return {status, body, headers};
}

constexpr auto now = Timestamp(1'000'000'000s); // Sun, 09 Sep 2001 01:46:40 GMT
const QString aDigest = u"sha256:"_s + QString(64, u'a');

} // namespace

class RegistryRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void challengesAreUnderstood_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QList<Challenge>>("expected");
        QTest::newRow("none") << QByteArray() << QList<Challenge>{};
        QTest::newRow("commas in a quoted scope") << QByteArray(
            "Bearer "
            "realm=\"https://auth.example/token\",service=\"r\",scope=\"repository:a/b:pull,push\"")
                                                  << QList<Challenge>{
                                                         {"bearer",
                                                          {{"realm",
                                                            u"https://auth.example/token"_s},
                                                           {"service", u"r"_s},
                                                           {"scope",
                                                            u"repository:a/b:pull,push"_s}}}};
        QTest::newRow("several")
            << QByteArray(R"(Basic realm="x", Bearer realm="y" , error=invalid_token)")
            << QList<Challenge>{
                   {"basic", {{"realm", u"x"_s}}},
                   {"bearer", {{"realm", u"y"_s}, {"error", u"invalid_token"_s}}}};
        QTest::newRow("any case and any space")
            << QByteArray("BEARER  Realm = \"y\" ,\tSERVICE=s")
            << QList<Challenge>{{"bearer", {{"realm", u"y"_s}, {"service", u"s"_s}}}};
        QTest::newRow("escaped characters")
            << QByteArray("Basic realm=\"a \\\"b\\\" \\\\ c\"")
            << QList<Challenge>{{"basic", {{"realm", u"a \"b\" \\ c"_s}}}};
        QTest::newRow("a scheme without parameters, and one with a token")
            << QByteArray("Negotiate abc==, NTLM, Basic realm=x")
            << QList<Challenge>{{"negotiate", {}}, {"ntlm", {}}, {"basic", {{"realm", u"x"_s}}}};
        QTest::newRow("quotes that are not closed")
            << QByteArray("Bearer realm=\"https://x") << QList<Challenge>{{"bearer", {}}};
        QTest::newRow("a parameter of nothing") << QByteArray("realm=x") << QList<Challenge>{};
        QTest::newRow("nonsense") << QByteArray("\"\"==,;") << QList<Challenge>{};
    }
    void challengesAreUnderstood()
    {
        QFETCH(const QByteArray, header);
        QFETCH(const QList<Challenge>, expected);
        QCOMPARE(parseChallenges(header), expected);
    }

    void theNextPageIsFound_data()
    {
        QTest::addColumn<QByteArray>("link");
        QTest::addColumn<QString>("expected"); // empty: none; "refused"
        const QString base = u"https://r.example"_s;
        QTest::newRow("the last page") << QByteArray() << u""_s;
        QTest::newRow("relative to the host")
            << QByteArray(R"(</v2/a/tags/list?n=2&last=b>; rel="next")")
            << base + u"/v2/a/tags/list?n=2&last=b"_s;
        QTest::newRow("relative to the page")
            << QByteArray(R"(<list?last=b>;rel=next)") << base + u"/v2/a/tags/list?last=b"_s;
        QTest::newRow("a query alone")
            << QByteArray(R"(<?last=b>; rel="next")") << base + u"/v2/a/tags/list?last=b"_s;
        QTest::newRow("absolute, same host")
            << QByteArray("<https://r.example:443/v2/a/tags/list?last=b>; rel=\"next\"")
            << base + u":443/v2/a/tags/list?last=b"_s;
        QTest::newRow("among others")
            << QByteArray(R"(</first>; rel="first", </next>; title="a, b"; rel="last next")")
            << base + u"/next"_s;
        QTest::newRow("another relation") << QByteArray(R"(</v2/x>; rel="prev")") << u""_s;
        QTest::newRow("a relation that begins alike")
            << QByteArray(R"(</v2/x>; rel="nextish")") << u""_s;
        QTest::newRow("another host")
            << QByteArray("<https://evil.example/v2/x>; rel=\"next\"") << u"refused"_s;
        QTest::newRow("another port")
            << QByteArray("<https://r.example:8443/v2/x>; rel=\"next\"") << u"refused"_s;
        QTest::newRow("without TLS")
            << QByteArray("<http://r.example/v2/x>; rel=\"next\"") << u"refused"_s;
        QTest::newRow("a host without a scheme")
            << QByteArray("<//evil.example/v2/x>; rel=\"next\"") << u"refused"_s;
        QTest::newRow("nonsense") << QByteArray("<<>;;rel") << u""_s;
    }
    void theNextPageIsFound()
    {
        QFETCH(const QByteArray, link);
        QFETCH(const QString, expected);
        const auto next = nextPage(link, QUrl(u"https://r.example/v2/a/tags/list?n=1000"_s));
        QCOMPARE(next ? (*next ? (*next)->toString() : QString()) : u"refused"_s, expected);
    }

    void tagsAreReadFromAPage_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("expected"); // joined; "refused"
        QTest::newRow("some") << QByteArray(R"({"name":"a","tags":["x","y"]})") << u"x y"_s;
        QTest::newRow("null") << QByteArray(R"({"name":"a","tags":null})") << u""_s;
        QTest::newRow("left out") << QByteArray(R"({"name":"a"})") << u"refused"_s;
        QTest::newRow("no list") << QByteArray(R"({"tags":"x"})") << u"refused"_s;
        QTest::newRow("no JSON") << QByteArray("<html>") << u"refused"_s;
    }
    void tagsAreReadFromAPage()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const QString, expected);
        const auto tags = parseTags(body);
        QCOMPARE(tags ? tags->join(u' ') : u"refused"_s, expected);
    }

    void theTimeToWaitIsUnderstood_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<qint64>("expected"); // -1: none
        QTest::newRow("seconds") << QByteArray(" 120 ") << qint64(120);
        QTest::newRow("at once") << QByteArray("0") << qint64(0);
        QTest::newRow("a date") << QByteArray("Sun, 09 Sep 2001 01:47:10 GMT") << qint64(30);
        QTest::newRow("a date in the past")
            << QByteArray("Sun, 09 Sep 2001 01:00:00 GMT") << qint64(0);
        QTest::newRow("nothing") << QByteArray() << qint64(-1);
        QTest::newRow("less than nothing") << QByteArray("-5") << qint64(-1);
        QTest::newRow("nonsense") << QByteArray("soon") << qint64(-1);
        QTest::newRow("no date") << QByteArray("Sun, 99 Foo 2001 01:47:10 GMT") << qint64(-1);
    }
    void theTimeToWaitIsUnderstood()
    {
        QFETCH(const QByteArray, header);
        QFETCH(const qint64, expected);
        const auto wait = parseRetryAfter(header, now);
        QCOMPARE(wait ? qint64(wait->count()) : qint64(-1), expected);
    }

    void aDateToWaitForCountsFromTheRemotesClock()
    {
        const Error error = registryError(
            answer(
                429,
                {},
                {{"Date", "Mon, 01 Jan 2024 00:00:00 GMT"},
                 {"Retry-After", "Mon, 01 Jan 2024 00:01:00 GMT"}}),
            u"w"_s,
            u"o"_s,
            now);
        QCOMPARE(error.retryAfter, std::optional(60s));
    }

    void answersBecomeErrors_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code"); // of the specification
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("401") << 401 << QByteArray("UNAUTHORIZED") << ErrorKind::Unauthorized;
        QTest::newRow("403") << 403 << QByteArray("DENIED") << ErrorKind::PermissionDenied;
        QTest::newRow("denied with 401")
            << 401 << QByteArray("DENIED") << ErrorKind::PermissionDenied;
        QTest::newRow("404") << 404 << QByteArray("NAME_UNKNOWN") << ErrorKind::NotFound;
        QTest::newRow("405") << 405 << QByteArray("X") << ErrorKind::Unsupported;
        QTest::newRow("unsupported with 400")
            << 400 << QByteArray("UNSUPPORTED") << ErrorKind::Unsupported;
        QTest::newRow("400") << 400 << QByteArray("DIGEST_INVALID") << ErrorKind::InvalidArgument;
        QTest::newRow("429") << 429 << QByteArray("X") << ErrorKind::RateLimited;
        QTest::newRow("too many requests with 403")
            << 403 << QByteArray("TOOMANYREQUESTS") << ErrorKind::RateLimited;
        QTest::newRow("500") << 500 << QByteArray("UNKNOWN") << ErrorKind::Registry;
        QTest::newRow("503") << 503 << QByteArray("X") << ErrorKind::Registry;
        QTest::newRow("an unexpected success") << 206 << QByteArray("X") << ErrorKind::Protocol;
    }
    void answersBecomeErrors()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, code);
        QFETCH(const ErrorKind, kind);
        const Error error = registryError(
            answer(status, "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"its words\"}]}"),
            u"what"_s,
            u"origin"_s,
            now);
        QCOMPARE(error.kind, kind);
        QCOMPARE(error.httpStatus, status);
        QCOMPARE(error.remoteMessage, QString::fromUtf8(code) + u": its words"_s);
        QCOMPARE(error.origin, u"origin"_s);
        QVERIFY(error.detail.startsWith("what"_L1));
    }

    void aPageIsNoAnswerOfARegistry_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("200") << 200 << ErrorKind::Protocol;
        QTest::newRow("404") << 404 << ErrorKind::Protocol;
        QTest::newRow("403 of a gateway") << 403 << ErrorKind::PermissionDenied;
        QTest::newRow("502 of a proxy") << 502 << ErrorKind::Registry;
    }
    void aPageIsNoAnswerOfARegistry()
    {
        QFETCH(const int, status);
        QFETCH(const ErrorKind, kind);
        const Error error = registryError(
            answer(status, "\n<html>Welcome</html>", {{"Content-Type", "text/html"}}),
            u"what"_s,
            u"origin"_s,
            now);
        QCOMPARE(error.kind, kind);
        QCOMPARE(error.remoteMessage, u""_s);
    }

    void theRemotesWordsAreFound_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("words");
        QTest::newRow("several errors")
            << QByteArray(R"({"errors":[{"code":"A","message":"b"},{"code":"C"}]})")
            << u"A: b; C"_s;
        QTest::newRow("a token server") << QByteArray(R"({"details":"bad"})") << u"bad"_s;
        QTest::newRow("OAuth2") << QByteArray(
            R"({"error":"invalid_grant","error_description":"gone"})")
                                << u"gone"_s;
        QTest::newRow("nothing") << QByteArray() << u""_s;
        QTest::newRow("nonsense") << QByteArray(R"({"errors":7})") << u""_s;
    }
    void theRemotesWordsAreFound()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const QString, words);
        QCOMPARE(registryWords(answer(400, body)), words);
    }

    void plainTextIsTakenAsWordsAndBounded()
    {
        const HttpResponse response =
            answer(405, QByteArray(5000, 'x'), {{"Content-Type", "text/plain"}});
        QCOMPARE(registryWords(response), QString(1024, u'x'));
    }

    void aManifestThatIsNoneIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("type");
        const QString image = u"application/vnd.oci.image.manifest.v1+json"_s;
        const QString index = u"application/vnd.oci.image.index.v1+json"_s;
        QTest::newRow("no JSON") << QByteArray("<html>") << image;
        QTest::newRow("schema 1") << QByteArray(R"({"schemaVersion":1,"name":"a"})")
                                  << u"application/vnd.docker.distribution.manifest.v1+prettyjws"_s;
        QTest::newRow("another media type than it says")
            << QByteArray(R"({"schemaVersion":2,"manifests":[],"mediaType":"a/b"})") << index;
        QTest::newRow("an unknown media type")
            << QByteArray(R"({"schemaVersion":2,"manifests":[]})") << u"application/json"_s;
        QTest::newRow("no configuration")
            << QByteArray(R"({"schemaVersion":2,"layers":[]})") << image;
        QTest::newRow("no layers")
            << QByteArray(R"({"schemaVersion":2,"config":{"size":1,"digest":"DIGEST"}})")
                   .replace("DIGEST", aDigest.toUtf8())
            << image;
        QTest::newRow("a digest that is none")
            << QByteArray(R"({"schemaVersion":2,"manifests":[{"size":1,"digest":"sha256:../x"}]})")
            << index;
        QTest::newRow("a size below zero")
            << QByteArray(R"({"schemaVersion":2,"manifests":[{"size":-1,"digest":"DIGEST"}]})")
                   .replace("DIGEST", aDigest.toUtf8())
            << index;
    }
    void aManifestThatIsNoneIsRefused()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, type);
        const auto manifest = parseManifest(bytes, type);
        QVERIFY(!manifest);
        QCOMPARE(manifest.error().kind, ErrorKind::Protocol);
    }

    void aManifestNeedsNoMediaTypeOfItsOwn()
    {
        const QByteArray bytes = R"({"schemaVersion":2,"manifests":[]})";
        const auto manifest =
            parseManifest(bytes, u"Application/vnd.oci.image.index.v1+json; charset=utf-8"_s);
        QVERIFY(manifest);
        QCOMPARE(manifest->mediaType, u"application/vnd.oci.image.index.v1+json"_s);
        QVERIFY(manifest->isList());
        QCOMPARE(manifest->digest, digestOf(bytes));
    }

    void digestsAreCheckedByTheirAlgorithm()
    {
        DigestCheck small(
            u"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s);
        small.add("a");
        small.add("bc");
        QVERIFY(small.finish(u"x"_s));
        DigestCheck large(
            u"sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1"
            "a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"_s);
        large.add("abc");
        QVERIFY(large.finish(u"x"_s));
        large.add("d");
        QCOMPARE(large.finish(u"x"_s).error().kind, ErrorKind::Protocol);
        QVERIFY(!isDigest(u"sha256:ABC"_s));
        QVERIFY(!isDigest(aDigest + u'\n'));
    }
};

QTEST_GUILESS_MAIN(RegistryRulesTest)
#include "tst_registryrules.moc"
