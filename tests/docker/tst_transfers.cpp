#include "services/core/id.h"
#include "services/core/json.h"
#include "services/docker/dockerclient.h"
#include "tests/support/engineaddress.h"
#include "tests/support/testregistry.h"

#include <QProcess>
#include <QTest>

#include <algorithm>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const QString runLabel = u"io.sandglass.test.run"_s;
constexpr qint64 megabyte = 1024 * 1024;

#define VERIFY_DONE(expression)                                                                    \
    do {                                                                                           \
        const auto verified = (expression);                                                        \
        QVERIFY2(verified, verified ? "" : qPrintable(verified.error().summary()));                \
    } while (false)

#define VERIFY_KIND(result, expected)                                                              \
    do {                                                                                           \
        QVERIFY(!(result));                                                                        \
        QVERIFY2(                                                                                  \
            (result).error().kind == (expected),                                                   \
            qPrintable(nameOf((result).error().kind) + u": "_s + (result).error().summary()));     \
    } while (false)

/// The value of X-Registry-Auth (fact P5).
Secret login(const QString &user, const QString &password)
{
    return Secret(toBytes({{u"username"_s, user}, {u"password"_s, password}})
                      .toBase64(QByteArray::Base64UrlEncoding));
}

Secret goodLogin()
{
    return login(TestRegistry::user, TestRegistry::password);
}

std::unique_ptr<DockerClient> connected(TestEngine engine)
{
    auto client = DockerClient::connect(*EngineAddress::parse(testEngineAddress(engine)));
    if (!client)
        qFatal("%s", qPrintable(client.error().summary()));
    return std::move(*client);
}

/// What an independent client finds at the registry.
QJsonObject inspectedBySkopeo(const QString &reference, const QStringList &options)
{
    QProcess skopeo;
    skopeo.start(
        u"skopeo"_s, QStringList{u"inspect"_s} + options + QStringList{u"docker://"_s + reference});
    if (!skopeo.waitForFinished() || skopeo.exitCode() != 0)
        qFatal("skopeo: %s", skopeo.readAllStandardError().constData());
    return *parseJsonObject(skopeo.readAllStandardOutput());
}

} // namespace

/// From one of the rig's real engines to the other, by way of real registries.
class TransfersTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<DockerClient> m_from;
    std::unique_ptr<DockerClient> m_to;
    QString m_run; // names and labels everything of this run
    QString m_image; // at the first engine; its newest layer is no other image's

    [[nodiscard]] Result<QString> makeImage(qint64 bytes)
    {
        const QJsonObject sleeper{
            {u"Image"_s, u"sandbox-base:busybox"_s},
            {u"Cmd"_s, QJsonArray{u"sleep"_s, u"1000"_s}},
            {u"Labels"_s, QJsonObject{{runLabel, m_run}}},
            {u"HostConfig"_s, QJsonObject{{u"NetworkMode"_s, u"none"_s}}}};
        SANDGLASS_TRY(const QString id, m_from->createContainer(m_run, sleeper));
        SANDGLASS_CHECK(m_from->startContainer(id));
        const QString fill = u"head -c %1 /dev/urandom > /random"_s.arg(bytes);
        SANDGLASS_CHECK(m_from->exec(id, {u"sh"_s, u"-c"_s, fill}));
        SANDGLASS_TRY(const QString image, m_from->commit({id, m_run, u"made"_s, {}, {}, {}}));
        SANDGLASS_CHECK(m_from->removeContainer(id));
        return image;
    }
    [[nodiscard]] Result<PushedImage> push(
        const QString &host,
        const Secret &auth = {},
        const TransferListener &listener = {},
        const CancelToken &cancel = {})
    {
        SANDGLASS_CHECK(m_from->tagImage(m_image, host + u"/team/snapshots"_s, m_run));
        return m_from->push(host + u"/team/snapshots"_s, m_run, auth, listener, cancel);
    }
    void removeImages(DockerClient &client, const QString &exceptName = {})
    {
        const auto images = client.images({runLabel + u'=' + m_run});
        VERIFY_DONE(images);
        for (const ImageSummary &image : *images) {
            const auto details = client.inspectImage(image.id);
            VERIFY_DONE(details);
            for (const QString &name : details->tags + details->repoDigests) {
                if (name != exceptName)
                    (void)client.removeImage(name); // a tag takes its digest along
            }
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_from = connected(TestEngine::A);
        m_to = connected(TestEngine::B);
        m_run = randomId("test-"_L1);
        const auto image = makeImage(4 * megabyte);
        VERIFY_DONE(image);
        m_image = *image;
    }

    void cleanup()
    {
        removeImages(*m_from, m_run + u":made"_s);
        removeImages(*m_to);
    }

    void cleanupTestCase()
    {
        if (m_from)
            removeImages(*m_from);
    }

    void anImageTravels_data()
    {
        QTest::addColumn<QStringList>("registry");
        QTest::addColumn<bool>("needsLogin");
        QTest::newRow("without a login") << QStringList{u"plain"_s} << false;
        QTest::newRow("with a login over TLS") << QStringList{u"login"_s} << true;
        QTest::newRow("with tokens") << QStringList{u"token"_s} << true;
        QTest::newRow("with tokens over TLS") << QStringList{u"token"_s, u"tls=on"_s} << true;
    }
    void anImageTravels()
    {
        QFETCH(const QStringList, registry);
        QFETCH(const bool, needsLogin);
        const TestRegistry at(registry);
        const Secret auth = needsLogin ? goodLogin() : Secret();
        TransferMeter sent;
        qint64 steps = 0;
        const auto pushed = push(at.address(), auth, [&](const LayerProgress &layer) {
            sent.take(layer, SystemClock().now());
            steps += layer.state == LayerState::Transferring ? 1 : 0;
        });
        VERIFY_DONE(pushed);
        QCOMPARE(pushed->tag, m_run);
        QVERIFY(pushed->digest.startsWith(u"sha256:"_s));
        QVERIFY(pushed->manifestBytes > 0);
        QVERIFY(!pushed->onePlatformOnly);
        QVERIFY(at.hasTag(u"team/snapshots"_s, m_run));
        QVERIFY(steps > 1);
        const TransferProgress progress = sent.progress(SystemClock().now());
        QCOMPARE(progress.layers.size(), 2);
        QVERIFY(progress.bytesDone() >= 4 * megabyte);
        QCOMPARE(progress.bytesTotal(), std::optional(progress.bytesDone()));

        QStringList options{u"--tls-verify=false"_s};
        if (needsLogin)
            options += {u"--creds"_s, TestRegistry::user + u':' + TestRegistry::password};
        const QString repository = at.address() + u"/team/snapshots"_s;
        const QJsonObject found = inspectedBySkopeo(repository + u':' + m_run, options);
        QCOMPARE(found["Digest"_L1].toString(), pushed->digest);
        QCOMPARE(found["Labels"_L1].toObject()[runLabel].toString(), m_run);
        QCOMPARE(found["Layers"_L1].toArray().size(), 2);

        TransferMeter received;
        const QString reference = repository + u'@' + pushed->digest;
        const auto pulled = m_to->pull(reference, auth, [&](const LayerProgress &layer) {
            received.take(layer, SystemClock().now());
        });
        VERIFY_DONE(pulled);
        QCOMPARE(pulled->digest, pushed->digest);
        const auto image = m_to->inspectImage(reference);
        VERIFY_DONE(image);
        QCOMPARE(image->repoDigests, QStringList{reference});
        QCOMPARE(image->id, pulled->id);
        QCOMPARE(image->labels.value(runLabel), m_run);
        const QList<LayerProgress> layers = received.progress(SystemClock().now()).layers;
        QCOMPARE(layers.size(), 2); // the base is there already
        QCOMPARE(nameOf(layers.last().state), u"done"_s);

        // Again, by tag, and nothing has to move.
        VERIFY_DONE(push(at.address(), auth, [](const LayerProgress &layer) {
            QVERIFY(layer.state == LayerState::Waiting || layer.state == LayerState::AlreadyThere);
        }));
        const auto again = m_to->pull(repository + u':' + m_run, auth);
        VERIFY_DONE(again);
        QCOMPARE(again->digest, pushed->digest);
    }

    void whoMayNotIsRefused_data()
    {
        QTest::addColumn<QStringList>("registry");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("password");
        QTest::addColumn<ErrorKind>("pushed");
        QTest::addColumn<ErrorKind>("pulled");
        const QStringList file{u"login"_s};
        const QStringList tokens{u"token"_s};
        const QString wrong = u"a wrong password"_s;
        using enum ErrorKind;
        QTest::newRow("wrong password")
            << file << TestRegistry::user << wrong << Unauthorized << Unauthorized;
        // Over TLS, an engine that does not ask 127.0.0.1 for trust tries plain HTTP next, and
        // tells what became of that.
        const QStringList withoutTls{u"login"_s, u"tls=off"_s};
        QTest::newRow("nobody") << withoutTls << QString() << QString() << Unauthorized
                                << Unauthorized;
        QTest::newRow("wrong password for a token")
            << tokens << TestRegistry::user << wrong << Unauthorized << Unauthorized;
        QTest::newRow("nobody asks for a token")
            << tokens << QString() << QString() << PermissionDenied << PermissionDenied;
        QTest::newRow("who may only read")
            << tokens << TestRegistry::reader << TestRegistry::password << PermissionDenied
            << NotFound;
    }
    void whoMayNotIsRefused()
    {
        QFETCH(const QStringList, registry);
        QFETCH(const QString, user);
        QFETCH(const QString, password);
        QFETCH(const ErrorKind, pushed);
        QFETCH(const ErrorKind, pulled);
        const TestRegistry at(registry);
        const Secret auth = user.isEmpty() ? Secret() : login(user, password);
        const auto refused = push(at.address(), auth);
        VERIFY_KIND(refused, pushed);
        QVERIFY(!refused.error().remoteMessage.isEmpty());
        QVERIFY(!at.hasTag(u"team/snapshots"_s, m_run));
        const auto none = m_to->pull(at.address() + u"/team/snapshots:"_s + m_run, auth);
        VERIFY_KIND(none, pulled);
        for (const Error &error : {refused.error(), none.error()}) {
            QVERIFY(password.isEmpty() || !error.summary().contains(password));
            QVERIFY(
                auth.isEmpty() || !error.summary().contains(QString::fromLatin1(auth.reveal())));
        }
    }

    void whatIsNotThereIsNotFound()
    {
        const TestRegistry at;
        const QString repository = at.address() + u"/team/snapshots"_s;
        const auto pushed = m_from->push(repository, u"none"_s, {});
        VERIFY_KIND(pushed, ErrorKind::NotFound);
        VERIFY_DONE(push(at.address()));
        VERIFY_KIND(m_from->push(repository, u"none"_s, {}), ErrorKind::NotFound);
        VERIFY_KIND(m_to->pull(repository + u":none"_s, {}), ErrorKind::NotFound);
        const QString digest = u"sha256:"_s + QString(64, u'1');
        VERIFY_KIND(m_to->pull(repository + u'@' + digest, {}), ErrorKind::NotFound);
    }

    void whoeverIsNotReachedIsSaidToBeUnreachable()
    {
        TestRegistry at;
        at.stop();
        VERIFY_KIND(push(at.address()), ErrorKind::Unreachable);
        VERIFY_KIND(m_to->pull(at.address() + u"/team/snapshots:a"_s, {}), ErrorKind::Unreachable);
        VERIFY_KIND(push(u"nowhere.invalid"_s), ErrorKind::Unreachable);
        at.start();
        VERIFY_DONE(push(at.address()));
    }

    void anUnknownAuthorityIsNotTrusted()
    {
        TestRegistry at({u"login"_s, u"listen=[::1]"_s, u"host=registry.test"_s});
        const QString engine = testEngineFolder(TestEngine::A);
        VERIFY_KIND(push(at.address(), goodLogin()), ErrorKind::Untrusted);
        at.trustAt(engine);
        const auto pushed = push(at.address(), goodLogin());
        at.distrustAt(engine);
        VERIFY_DONE(pushed);
        VERIFY_KIND(
            m_to->pull(at.address() + u"/team/snapshots@"_s + pushed->digest, goodLogin()),
            ErrorKind::Untrusted);
    }

    void aCancelledPushLeavesNoTag()
    {
        TestRegistry at;
        const QString proxy = at.startFaultProxy();
        at.setFaults(uR"([{"do": "hold", "bytes": 1000000}])"_s); // never complete by itself
        const CancelToken cancel;
        const auto pushed = push(
            proxy,
            {},
            [&](const LayerProgress &layer) {
                if (layer.state == LayerState::Transferring)
                    cancel.cancel();
            },
            cancel);
        VERIFY_KIND(pushed, ErrorKind::Cancelled);
        at.setFaults(u"[]"_s);
        // Whatever had been going on would be shared with this one, and be complete as soon.
        const QString repository = proxy + u"/team/snapshots"_s;
        VERIFY_DONE(m_from->tagImage(m_image, repository, u"other"_s));
        VERIFY_DONE(m_from->push(repository, u"other"_s, {}));
        QVERIFY(at.hasTag(u"team/snapshots"_s, u"other"_s));
        QVERIFY(!at.hasTag(u"team/snapshots"_s, m_run));
    }

    void aBrokenConnectionIsTriedAgainByTheEngine()
    {
        TestRegistry at;
        const QString proxy = at.startFaultProxy();
        at.setFaults(uR"([{"do": "cut", "bytes": 2000000, "times": 1}])"_s);
        TransferMeter meter;
        QStringList states; // of all layers, each once after another
        VERIFY_DONE(push(proxy, {}, [&](const LayerProgress &layer) {
            meter.take(layer, SystemClock().now());
            if (states.isEmpty() || states.last() != nameOf(layer.state))
                states.append(nameOf(layer.state));
        }));
        QVERIFY2(
            states.indexOf(u"waiting"_s, states.indexOf(u"transferring"_s)) > 0,
            qPrintable(states.join(u' ')));
        QVERIFY(at.hasTag(u"team/snapshots"_s, m_run));
        const QList<LayerProgress> layers = meter.progress(SystemClock().now()).layers;
        QVERIFY(std::ranges::all_of(layers, [](const LayerProgress &layer) {
            return layer.state == LayerState::Complete && layer.bytesDone == layer.bytesTotal;
        }));
    }

    void whatTheRegistrySaysIsUnderstood_data()
    {
        QTest::addColumn<QString>("faults");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<int>("status");
        QTest::newRow("too many requests")
            << uR"([{"do":"answer","status":429,"path":".*/manifests/.*"}])"_s
            << ErrorKind::RateLimited << 429;
        const QString words = u"{'errors':[{'code':'TOOMANYREQUESTS','message':'slow down'}]}"_s;
        QTest::newRow("too many requests, in a registry's words")
            << uR"([{"do":"answer","status":429,"path":".*/manifests/.*","body":"%1"}])"_s.arg(
                   QString(words).replace(u"'"_s, u"\\\""_s))
            << ErrorKind::RateLimited << 0;
        QTest::newRow("an internal error")
            << uR"([{"do":"answer","status":500,"path":".*/manifests/.*"}])"_s
            << ErrorKind::Registry << 500;
        QTest::newRow("not now") << uR"([{"do":"answer","status":503,"path":".*/manifests/.*"}])"_s
                                 << ErrorKind::Registry << 503;
    }
    void whatTheRegistrySaysIsUnderstood()
    {
        QFETCH(const QString, faults);
        QFETCH(const ErrorKind, kind);
        QFETCH(const int, status);
        TestRegistry at;
        const QString proxy = at.startFaultProxy();
        at.setFaults(faults);
        const auto pushed = push(proxy);
        VERIFY_KIND(pushed, kind);
        QVERIFY(status == 0 || pushed.error().httpStatus == status);
        QVERIFY(isTransient(pushed.error()));
        at.setFaults(u"[]"_s);
        VERIFY_DONE(push(proxy));
    }

    void whatIsNotWhatItsDigestSaysIsRefused_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("the manifest") << u".*/manifests/.*"_s;
        QTest::newRow("a layer or the configuration") << u".*/blobs/.*"_s;
    }
    void whatIsNotWhatItsDigestSaysIsRefused()
    {
        QFETCH(const QString, path);
        TestRegistry at;
        const QString proxy = at.startFaultProxy();
        const auto pushed = push(proxy);
        VERIFY_DONE(pushed);
        at.setFaults(uR"([{"do": "bytes", "method": "GET", "path": "%1"}])"_s.arg(path));
        const QString reference = proxy + u"/team/snapshots@"_s + pushed->digest;
        VERIFY_KIND(m_to->pull(reference, {}), ErrorKind::Registry);
        VERIFY_KIND(m_to->inspectImage(reference), ErrorKind::NotFound);
        at.setFaults(u"[]"_s);
        VERIFY_DONE(m_to->pull(reference, {}));
    }
};

QTEST_GUILESS_MAIN(TransfersTest)
#include "tst_transfers.moc"
