#include "services/docker/transfererror.h"
#include "services/docker/transferstream.h"

#include <QFile>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

/// The body of an answer of Docker 20.10.24.
QByteArray recorded(const QString &name)
{
    QFile file(QStringLiteral(SANDGLASS_SOURCE_DIR) + u"/tests/docker/recorded/"_s + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no recorded answer %s", qPrintable(name));
    return file.readAll();
}

const QString digest = u"sha256:e0b5b42b3c82697b7ed4c0773efbf4a7f67b80dd77f863489c1cc8ddffd8df23"_s;

/// A stream and all that it told about layers.
struct Reading
{
    Reading()
        : stream([this](const LayerProgress &layer) {
            layers.append(u"%1 %2 %3/%4"_s.arg(layer.id, nameOf(layer.state))
                              .arg(layer.bytesDone)
                              .arg(layer.bytesTotal));
        })
    { }
    Q_DISABLE_COPY_MOVE(Reading)

    QStringList layers; // "id state done/total"
    TransferStream stream;
};

/// The last that was said about each layer.
QStringList lastStates(const QStringList &layers)
{
    QMap<QString, QString> last;
    for (const QString &line : layers)
        last.insert(line.section(u' ', 0, 0), line.section(u' ', 1, 1));
    return last.values();
}

} // namespace

class TransferStreamTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordedStreams_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("digest");
        QTest::addColumn<QString>("error"); // the beginning
        QTest::addColumn<QStringList>("states"); // in which the layers are at the end
        const QStringList done{u"done"_s, u"done"_s, u"done"_s};
        const QStringList there{u"already_there"_s, u"already_there"_s, u"already_there"_s};
        const QStringList waiting{u"waiting"_s, u"waiting"_s, u"waiting"_s};
        QTest::newRow("a push") << u"push"_s << digest << QString() << done;
        QTest::newRow("a push of what is there")
            << u"push-existing"_s << digest << QString() << there;
        QTest::newRow("a push of what another repository has")
            << u"push-mounted"_s << digest << QString() << there;
        QTest::newRow("a push with a broken connection")
            << u"push-retried"_s << digest << QString() << done;
        QTest::newRow("a push that is refused")
            << u"push-denied"_s << QString() << u"denied: requested access"_s << waiting;
        QTest::newRow("a pull") << u"pull"_s << digest << QString() << done;
        QTest::newRow("a pull of what is broken")
            << u"pull-corrupt"_s << QString() << u"error pulling image configuration: "_s
            << QStringList{u"waiting"_s, u"waiting"_s, u"already_there"_s};
    }
    void recordedStreams()
    {
        QFETCH(QString, file);
        QFETCH(QString, error);
        const QByteArray bytes = recorded(file + u".ndjson"_s);
        Reading whole;
        QVERIFY(whole.stream.take(bytes));
        QVERIFY(whole.stream.finish());
        QTEST(whole.stream.digest(), "digest");
        QCOMPARE(whole.stream.error().isEmpty(), error.isEmpty());
        QVERIFY(whole.stream.error().startsWith(error));
        QTEST(lastStates(whole.layers), "states");

        // In two pieces, cut here and there, and byte by byte, it is the same.
        const qsizetype step = qMax(bytes.size() / 100, 1);
        for (qsizetype cut = 0; cut <= bytes.size(); cut += step) {
            Reading parts;
            QVERIFY(parts.stream.take(QByteArrayView(bytes).first(cut)));
            QVERIFY(parts.stream.take(QByteArrayView(bytes).sliced(cut)));
            QVERIFY(parts.stream.finish());
            QCOMPARE(parts.layers, whole.layers);
            QCOMPARE(parts.stream.digest(), whole.stream.digest());
        }
        Reading single;
        for (const char byte : bytes)
            QVERIFY(single.stream.take(QByteArrayView(&byte, 1)));
        QVERIFY(single.stream.finish());
        QCOMPARE(single.layers, whole.layers);
        QCOMPARE(single.stream.error(), whole.stream.error());
    }

    void numbersAreRead()
    {
        Reading reading;
        QVERIFY(reading.stream.take(recorded(u"push.ndjson"_s)));
        QCOMPARE(reading.stream.manifestBytes(), 950);
        QCOMPARE(reading.layers.first(), u"ea034663c942 waiting 0/0"_s);
        QVERIFY(reading.layers.contains(u"769638343d1e transferring 229888/1500000"_s));
    }

    void aMessageByTable_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<bool>("isGood");
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("digest");
        QTest::addColumn<bool>("onePlatformOnly");
        QTest::addColumn<bool>("contentMissing");
        const QByteArray spelled = digest.toLatin1();
        QTest::newRow("Podman's digest in the text")
            << "{\"status\":\"v1: digest: " + spelled + " size: 405\"}\r\n"
            << true << QString() << digest << false << false;
        QTest::newRow("a digest in a layer's text is none")
            << "{\"id\":\"a\",\"status\":\"v1: digest: " + spelled + " size: 405\"}" << true
            << QString() << QString() << false << false;
        QTest::newRow("the old error field alone is not looked at")
            << QByteArray(R"({"error":"old"})") << true << QString() << QString() << false << false;
        QTest::newRow("an error") << QByteArray(R"({"errorDetail":{"message":"m"},"error":"old"})")
                                  << true << u"m"_s << QString() << false << false;
        QTest::newRow("an error without words")
            << QByteArray(R"({"errorDetail":{}})") << true << u"an error without a message"_s
            << QString() << false << false;
        QTest::newRow("one platform of several") << QByteArray(
            R"({"aux":{"manifestPushedInsteadOfIndex":true,"selectedManifest":{"digest":"sha256:1"}}})")
                                                 << true << QString() << QString() << true << false;
        QTest::newRow("content that is missing")
            << QByteArray(R"({"aux":{"contentMissing":true,"desc":{}}})") << true << QString()
            << QString() << false << true;
        QTest::newRow("an unknown field")
            << QByteArray(R"({"news":[1]})") << true << QString() << QString() << false << false;
        QTest::newRow("an empty line")
            << QByteArray("\r\n\r\n") << true << QString() << QString() << false << false;
        QTest::newRow("no JSON") << QByteArray("<html>") << false << QString() << QString() << false
                                 << false;
        QTest::newRow("half a line")
            << QByteArray("{\"status\":\"Pus") << false << QString() << QString() << false << false;
        QTest::newRow("no object")
            << QByteArray("[1]") << false << QString() << QString() << false << false;
        QTest::newRow("without an end") << QByteArray(2 * 1024 * 1024, 'x') << false << QString()
                                        << QString() << false << false;
    }
    void aMessageByTable()
    {
        QFETCH(QByteArray, line);
        TransferStream stream;
        Done read = stream.take(line);
        if (read)
            read = stream.finish();
        QTEST(read.has_value(), "isGood");
        if (!read)
            QCOMPARE(read.error().kind, ErrorKind::Protocol);
        QTEST(stream.error(), "error");
        QTEST(stream.digest(), "digest");
        QTEST(stream.onePlatformOnly(), "onePlatformOnly");
        QTEST(stream.contentMissing(), "contentMissing");
    }

    void wordsByTable_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<std::optional<TransferFailure>>("failure");
        const auto row = [](const char *words, ErrorKind kind, int status = 0) {
            QTest::newRow(words) << QString::fromLatin1(words)
                                 << std::optional(TransferFailure{kind, status});
        };
        using enum ErrorKind;
        row("no basic auth credentials", Unauthorized);
        row("unauthorized: authentication required", Unauthorized);
        row("Head \"http://127.0.0.1:5000/v2/x/manifests/v1\": unauthorized: incorrect username or "
            "password",
            Unauthorized);
        row("errors:\ndenied: requested access to the resource is denied\nunauthorized: "
            "authentication required",
            PermissionDenied);
        row("denied: requested access to the resource is denied", PermissionDenied);
        row("pull access denied for r/x, repository does not exist or may require 'docker login': "
            "denied: requested access to the resource is denied",
            PermissionDenied);
        row("Get \"https://registry.test:5000/v2/\": x509: certificate signed by unknown authority",
            Untrusted);
        row("Get \"https://r:5000/v2/\": x509: certificate is valid for X, not Y", Untrusted);
        row("Get \"https://r/v2/\": http: server gave HTTP response to HTTPS client", Untrusted);
        row("Get \"http://127.0.0.1:5999/v2/\": dial tcp 127.0.0.1:5999: connect: connection "
            "refused",
            Unreachable);
        row("Get \"https://nohost.invalid/v2/\": dial tcp: lookup nohost.invalid on 10.0.0.1:53: "
            "no "
            "such host",
            Unreachable);
        row("dial tcp 10.0.0.1:443: i/o timeout", Unreachable);
        row("Get \"http://r:5000/v2/\": EOF", Unreachable);
        row("unexpected EOF", Unreachable);
        row("read tcp 10.0.0.1:1->10.0.0.2:2: read: connection reset by peer", Unreachable);
        row("manifest for R:T not found: manifest unknown: manifest unknown", NotFound);
        row("tag does not exist: R:nope", NotFound);
        row("An image does not exist locally with the tag: R", NotFound);
        row("toomanyrequests: You have reached your pull rate limit.", RateLimited);
        row("error parsing HTTP 429 response body: unexpected end of JSON input: \"\"",
            RateLimited,
            429);
        row("write /var/lib/docker/tmp/GetImageBlob1: no space left on device", StorageFull);
        row("received unexpected HTTP status: 500 Internal Server Error", Registry, 500);
        row("received unexpected HTTP status: 503 Service Unavailable", Registry, 503);
        row("error parsing HTTP 502 response body: unexpected EOF", Registry, 502);
        row("error parsing HTTP 405 response body: invalid character 'M' looking for beginning of "
            "value: \"Method not allowed\"",
            Registry,
            405);
        row("filesystem layer verification failed for digest sha256:1", Registry);
        row("error pulling image configuration: image config verification failed for digest "
            "sha256:1",
            Registry);
        row("unknown blob", Registry);
        for (const char *words :
             {"",
              "failed to register layer: Error processing tar file(exit status 1)",
              "lookup GEOFENCE",
              "access was denied"})
            QTest::newRow(words) << QString::fromLatin1(words) << std::optional<TransferFailure>();
    }
    void wordsByTable()
    {
        QFETCH(QString, words);
        QTEST(transferFailure(words), "failure");
    }
};

QTEST_GUILESS_MAIN(TransferStreamTest)
#include "tst_transferstream.moc"
