#include "services/registry/contentdigest.h"
#include "tests/registry/scripted.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray json = "Content-Type: application/json\r\n";
const QByteArray indexType = "Content-Type: application/vnd.oci.image.index.v1+json\r\n";
const QByteArray emptyIndex = R"({"schemaVersion":2,"manifests":[]})";
const QString otherDigest = digestOf("something else");

Done ignore(QByteArrayView)
{
    return {};
}

QByteArray words(const Error &error)
{
    return error.summary().toUtf8();
}

/// Each way to ask a registry for something.
QList<Error> errorsOfAll(RegistryClient &client)
{
    QList<Error> errors;
    const auto add = [&errors](const auto &result) {
        if (!result)
            errors.append(result.error());
    };
    add(client.ping());
    add(client.findManifest(u"v1"_s));
    add(client.manifest(u"v1"_s));
    add(client.tags());
    add(client.deleteManifest(otherDigest));
    add(client.hasBlob(otherDigest));
    add(client.readBlob(otherDigest, ignore));
    return errors;
}

} // namespace

class RegistryFaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCallSaysWhatTheRegistrySays_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<int>("status");
        QTest::newRow("rate limited")
            << respond(429, json + "Retry-After: 30\r\n", R"({"errors":[]})")
            << ErrorKind::RateLimited << 429;
        QTest::newRow("forbidden")
            << respond(403, json, R"({"errors":[{"code":"DENIED","message":"no"}]})")
            << ErrorKind::PermissionDenied << 403;
        QTest::newRow("failed") << respond(500, json, R"({"errors":[]})") << ErrorKind::Registry
                                << 500;
        QTest::newRow("a proxy has nobody behind it")
            << respond(502, "Content-Type: text/html\r\n", "<html>Bad gateway</html>")
            << ErrorKind::Registry << 502;
        QTest::newRow("a page") << respond(200, "Content-Type: text/html\r\n", "<html>Hi</html>")
                                << ErrorKind::Protocol << 200;
        QTest::newRow("no such page")
            << respond(404, "Content-Type: text/html\r\n", "<html>Hm</html>") << ErrorKind::Protocol
            << 404;
    }
    void everyCallSaysWhatTheRegistrySays()
    {
        QFETCH(const QByteArray, answer);
        QFETCH(const ErrorKind, kind);
        QFETCH(const int, status);
        ScriptedRegistry server([&](const TestRequest &request) {
            return request.method == "HEAD" ? answer.left(answer.indexOf("\r\n\r\n") + 4) : answer;
        });
        RegistryClient client(server.description(), {});
        const QList<Error> errors = errorsOfAll(client);
        QCOMPARE(errors.size(), 7);
        for (const Error &error : errors) {
            QVERIFY2(error.kind == kind, words(error));
            QCOMPARE(error.httpStatus, status);
            QCOMPARE(error.retryAfter.has_value(), status == 429);
            QVERIFY2(error.origin.startsWith("http://127.0.0.1:"_L1), words(error));
        }
        QCOMPARE(server.requests().size(), 7); // nothing is tried again
    }

    void nonsenseIsNoAnswer()
    {
        ScriptedRegistry server([](const TestRequest &) { return respond(200, json, "[1"); });
        RegistryClient client(server.description(), {});
        QCOMPARE(client.tags().error().kind, ErrorKind::Protocol);
        QCOMPARE(client.manifest(u"v1"_s).error().kind, ErrorKind::Protocol);
    }

    void rateLimitsAreRemembered()
    {
        ScriptedRegistry server([](const TestRequest &) {
            return respond(
                200,
                json + "RateLimit-Limit: 100;w=21600\r\nRateLimit-Remaining: 76;w=21600\r\n",
                "{}");
        });
        RegistryClient client(server.description(), {});
        QCOMPARE(client.rateLimit(), u""_s);
        QVERIFY(client.ping());
        QCOMPARE(client.rateLimit(), u"100;w=21600"_s);
        QCOMPARE(client.rateLimitRemaining(), u"76;w=21600"_s);
    }

    void aWrongManifestIsRefused_data()
    {
        QTest::addColumn<QByteArray>("given"); // the header's digest
        QTest::addColumn<bool>("byTag");
        QTest::newRow("other bytes than asked for") << QByteArray() << false;
        QTest::newRow("another manifest than asked for") << otherDigest.toLatin1() << false;
        QTest::newRow("other bytes than the header says") << otherDigest.toLatin1() << true;
    }
    void aWrongManifestIsRefused()
    {
        QFETCH(const QByteArray, given);
        QFETCH(const bool, byTag);
        ScriptedRegistry server([&](const TestRequest &) {
            return respond(
                200,
                indexType + (given.isEmpty() ? "" : "Docker-Content-Digest: " + given + "\r\n"),
                emptyIndex);
        });
        RegistryClient client(server.description(), {});
        const auto manifest = client.manifest(byTag ? u"v1"_s : digestOf("what was asked for"));
        QVERIFY(!manifest);
        QCOMPARE(manifest.error().kind, ErrorKind::Protocol);
    }

    void aDigestThatIsNotSaidIsComputed()
    {
        ScriptedRegistry server([](const TestRequest &request) {
            const QByteArray whole = respond(200, indexType, emptyIndex);
            return request.method == "HEAD" ? whole.chopped(emptyIndex.size()) : whole;
        });
        RegistryClient client(server.description(), {});
        const auto found = client.findManifest(u"v1"_s);
        QVERIFY(found);
        QCOMPARE(
            **found,
            (ManifestDescriptor{
                digestOf(emptyIndex),
                emptyIndex.size(),
                u"application/vnd.oci.image.index.v1+json"_s}));
    }

    void aManifestHasALimit()
    {
        ScriptedRegistry server([](const TestRequest &) {
            return respond(200, indexType, QByteArray(largestManifest + 1, ' '));
        });
        RegistryClient client(server.description(), {});
        const auto manifest = client.manifest(u"v1"_s);
        QCOMPARE(manifest.error().kind, ErrorKind::Protocol);
    }

    void aBlobThatIsAnotherOrCutOffIsRefused_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<ErrorKind>("kind");
        const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n";
        QTest::newRow("another") << head + "Content-Length: 3\r\n\r\nabc" << ErrorKind::Protocol;
        QTest::newRow("cut off at one half")
            << head + "Connection: close\r\nContent-Length: 2000\r\n\r\n" + QByteArray(1'000, 'x')
            << ErrorKind::Unreachable;
    }
    void aBlobThatIsAnotherOrCutOffIsRefused()
    {
        QFETCH(const QByteArray, answer);
        QFETCH(const ErrorKind, kind);
        ScriptedRegistry server([&](const TestRequest &) { return answer; });
        RegistryClient client(server.description(), {});
        // Qt takes a few of hundreds of answers that were cut off for whole ones.
        for (int i = 0; i < 200; ++i) {
            const Done read = client.readBlob(otherDigest, ignore);
            QVERIFY(!read);
            QVERIFY2(read.error().kind == kind, words(read.error()));
        }
    }

    void whatTheSinkSaysIsWhatEndsABlob()
    {
        ScriptedRegistry server(
            [](const TestRequest &) { return respond(200, {}, QByteArray(3'000'000, 'x')); });
        RegistryClient client(server.description(), {});
        const Done read = client.readBlob(otherDigest, [](QByteArrayView) -> Done {
            return failure(ErrorKind::StorageFull, u"full"_s);
        });
        QCOMPARE(read.error().kind, ErrorKind::StorageFull);
    }

    void redirectsHaveAnEnd_data()
    {
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<QString>("detail");
        QTest::newRow("to itself") << QByteArray("/v2/") << u"again and again"_s;
        QTest::newRow("to nowhere") << QByteArray("") << u"to nowhere"_s;
        QTest::newRow("to a file") << QByteArray("file:///etc/passwd") << u"to nowhere"_s;
    }
    void redirectsHaveAnEnd()
    {
        QFETCH(const QByteArray, location);
        QFETCH(const QString, detail);
        ScriptedRegistry server(
            [&](const TestRequest &) { return respond(307, "Location: " + location + "\r\n"); });
        RegistryClient client(server.description(), {});
        const Done done = client.ping();
        QCOMPARE(done.error().kind, ErrorKind::Protocol);
        QVERIFY2(done.error().detail.contains(detail), words(done.error()));
        QVERIFY(server.requests().size() <= 6);
    }

    void tagsAreReadPageByPage()
    {
        ScriptedRegistry server([](const TestRequest &request) {
            if (request.target.endsWith("?n=1000")) {
                return respond(
                    200,
                    json + "Link: </v2/team/snapshots/tags/list?last=b&n=2>; rel=\"next\"\r\n",
                    R"({"tags":["a","b"]})");
            }
            return respond(200, json, R"({"tags":["c"]})");
        });
        RegistryClient client(server.description(), {});
        QCOMPARE(client.tags().value_or(QStringList()), (QStringList{u"a"_s, u"b"_s, u"c"_s}));
        QCOMPARE(
            server.requests().last().target, QByteArray("/v2/team/snapshots/tags/list?last=b&n=2"));
    }

    void pagesWithoutEndAreGivenUp_data()
    {
        QTest::addColumn<QByteArray>("link"); // N: the number of the page
        QTest::addColumn<QByteArray>("tags");
        QTest::addColumn<ErrorKind>("kind");
        const QByteArray many = "[" + QByteArray(R"("t",)").repeated(9'999) + R"("t"])";
        QTest::newRow("the same page")
            << QByteArray("?n=1000") << QByteArray("[]") << ErrorKind::Protocol;
        QTest::newRow("always another")
            << QByteArray("?last=N") << QByteArray("[]") << ErrorKind::Protocol;
        QTest::newRow("always more") << QByteArray("?last=N") << many << ErrorKind::LimitReached;
        QTest::newRow("another host")
            << QByteArray("http://127.0.0.1:1/?last=N") << QByteArray("[]") << ErrorKind::Protocol;
    }
    void pagesWithoutEndAreGivenUp()
    {
        QFETCH(const QByteArray, link);
        QFETCH(const QByteArray, tags);
        QFETCH(const ErrorKind, kind);
        std::atomic<int> page = 0;
        ScriptedRegistry server([&](const TestRequest &) {
            QByteArray next = link;
            next.replace('N', QByteArray::number(++page));
            return respond(
                200, json + "Link: <" + next + ">; rel=\"next\"\r\n", R"({"tags":)" + tags + '}');
        });
        RegistryClient client(server.description(), {});
        const auto listed = client.tags();
        QVERIFY(!listed);
        QVERIFY2(listed.error().kind == kind, words(listed.error()));
        QVERIFY(page <= 2'000);
    }

    void aSilentRegistryCanBeLeft()
    {
        ScriptedRegistry server([](const TestRequest &) { return QByteArray(); });
        RegistryClient client(server.description(), {});
        CancelToken cancel;
        std::thread other([&] {
            while (server.requests().isEmpty())
                std::this_thread::yield();
            cancel.cancel();
        });
        const auto tags = client.tags(cancel);
        other.join();
        QCOMPARE(tags.error().kind, ErrorKind::Cancelled);
    }

    void deletionThatIsRefusedIsTold_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QString>("kind"); // empty: it is fine
        QTest::newRow("deleted") << 202 << QByteArray() << u""_s;
        QTest::newRow("gone already") << 404 << QByteArray("MANIFEST_UNKNOWN") << u""_s;
        QTest::newRow("405") << 405 << QByteArray("UNSUPPORTED") << u"unsupported"_s;
        QTest::newRow("400") << 400 << QByteArray("UNSUPPORTED") << u"unsupported"_s;
        QTest::newRow("a bad digest")
            << 400 << QByteArray("DIGEST_INVALID") << u"invalid_argument"_s;
    }
    void deletionThatIsNotKnownIsTold()
    {
        ScriptedRegistry server([](const TestRequest &) {
            return respond(404, "Content-Type: text/plain\r\n", "404 page not found\n");
        });
        RegistryClient client(server.description(), {});
        const Done deleted = client.deleteManifest(otherDigest);
        QVERIFY(!deleted);
        QCOMPARE(deleted.error().kind, ErrorKind::Unsupported);
        QCOMPARE(deleted.error().detail, u"this registry does not know deletion"_s);
    }

    void deletionThatIsRefusedIsTold()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, code);
        QFETCH(const QString, kind);
        ScriptedRegistry server([&](const TestRequest &) {
            return respond(status, json, "{\"errors\":[{\"code\":\"" + code + "\"}]}");
        });
        RegistryClient client(server.description(), {});
        const Done deleted = client.deleteManifest(otherDigest);
        QCOMPARE(deleted ? u""_s : nameOf(deleted.error().kind), kind);
    }
};

QTEST_GUILESS_MAIN(RegistryFaultsTest)
#include "tst_registryfaults.moc"
