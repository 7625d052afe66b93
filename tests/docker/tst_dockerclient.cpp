#include "services/core/id.h"
#include "services/docker/dockerclient.h"
#include "services/docker/eventstream.h"
#include "tests/support/engineaddress.h"
#include "tests/support/ownprocess.h"
#include "tests/support/waitfor.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <latch>
#include <thread>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr QLatin1StringView baseImage{"sandbox-base:busybox"};
const QString runLabel = u"io.sandglass.test.run"_s;

/// Fails the test with the error in words.
#define VERIFY_DONE(expression)                                                                    \
    do {                                                                                           \
        const auto verified = (expression);                                                        \
        QVERIFY2(verified, verified ? "" : qPrintable(verified.error().summary()));                \
    } while (false)

bool isKind(const auto &result, ErrorKind kind)
{
    return !result && result.error().kind == kind;
}

} // namespace

/// Against the test rig's real engines, over a UNIX socket and over TCP.
class DockerClientTest : public QObject
{
    Q_OBJECT

private:
    EngineAddress m_address;
    std::unique_ptr<DockerClient> m_client;
    QString m_run; // names and labels everything of one test

    [[nodiscard]] QJsonObject sleeper() const
    {
        return {
            {u"Image"_s, baseImage},
            {u"Cmd"_s,
             QJsonArray{u"sh"_s, u"-c"_s, u"trap 'exit 7' TERM; while :; do sleep 0.1; done"_s}},
            {u"Env"_s, QJsonArray{u"TOKEN=abc"_s, u"KEPT=yes"_s}},
            {u"Labels"_s, QJsonObject{{runLabel, m_run}, {u"changed"_s, u"before"_s}}},
            {u"HostConfig"_s, QJsonObject{{u"NetworkMode"_s, u"none"_s}}}};
    }
    [[nodiscard]] Result<QString> startSleeper() const
    {
        SANDGLASS_TRY(QString id, m_client->createContainer(m_run, sleeper()));
        SANDGLASS_CHECK(m_client->startContainer(id));
        return id;
    }
    [[nodiscard]] QString state(const QString &id) const
    {
        const auto details = m_client->inspectContainer(id);
        return details ? details->state : details.error().summary();
    }

private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("address");
        QTest::newRow("unix") << testEngineAddress(TestEngine::A);
        QTest::newRow("tcp") << testEngineAddress(TestEngine::B);
    }

    void init()
    {
        QFETCH_GLOBAL(const QString, address);
        m_address = *EngineAddress::parse(address);
        m_run = randomId("test-"_L1);
        auto client = DockerClient::connect(m_address);
        QVERIFY2(client, client ? "" : qPrintable(client.error().summary()));
        m_client = std::move(*client);
    }

    void cleanup()
    {
        if (!m_client)
            return;
        const QStringList filter{runLabel + u'=' + m_run};
        const auto containers = m_client->containers(filter);
        VERIFY_DONE(containers);
        for (const ContainerSummary &one : *containers)
            VERIFY_DONE(m_client->removeContainer(one.id));
        const auto images = m_client->images(filter);
        VERIFY_DONE(images);
        for (const ImageSummary &image : *images) {
            for (const QString &tag : image.tags)
                VERIFY_DONE(m_client->removeImage(tag));
        }
    }

    void theEngineIntroducesItself()
    {
        QVERIFY(m_client->apiVersion() >= oldestApi);
        QVERIFY(m_client->apiVersion() <= m_client->engineVersion().newest);
        QCOMPARE(m_client->engineVersion().operatingSystem, u"linux"_s);
        VERIFY_DONE(m_client->ping());
        const auto info = m_client->info();
        VERIFY_DONE(info);
        QVERIFY(!info->storageDriver.isEmpty());
        QVERIFY(info->memoryBytes > 0);
        QVERIFY(info->images > 0);
        QVERIFY(std::chrono::abs(info->systemTime - SystemClock().now()) < 1h);
        const auto usage = m_client->diskUsage();
        VERIFY_DONE(usage);
        QVERIFY(usage->layerBytes > 0);
    }

    void aThousandEventStreamsLeaveNothingBehind()
    {
        const auto openAndClose = [this] {
            EventStream stream(m_address, m_client->apiVersion(), 1); // with what happened before
            return QSignalSpy(&stream, &EventStream::received).wait();
        };
        QVERIFY(openAndClose()); // what is opened once is open now
        const int descriptors = openDescriptors();
        for (int i = 0; i < 1000; ++i)
            QVERIFY(openAndClose());
        QTRY_COMPARE(openDescriptors(), descriptors);
    }

    void aContainerLivesAndDies()
    {
        const auto id = m_client->createContainer(m_run, sleeper());
        VERIFY_DONE(id);
        QCOMPARE(state(*id), u"created"_s);
        QVERIFY(isKind(m_client->createContainer(m_run, sleeper()), ErrorKind::Conflict));

        VERIFY_DONE(m_client->startContainer(*id));
        VERIFY_DONE(m_client->startContainer(*id)); // already running
        QCOMPARE(state(*id), u"running"_s);

        VERIFY_DONE(m_client->pauseContainer(*id));
        const auto paused = m_client->inspectContainer(*id);
        VERIFY_DONE(paused);
        QVERIFY(paused->paused && paused->running);
        QVERIFY(isKind(m_client->pauseContainer(*id), ErrorKind::Conflict));
        VERIFY_DONE(m_client->unpauseContainer(*id));
        QVERIFY(!m_client->unpauseContainer(*id));

        VERIFY_DONE(m_client->stopContainer(*id, 10s));
        VERIFY_DONE(m_client->stopContainer(*id, 10s)); // already stopped
        const auto stopped = m_client->inspectContainer(m_run); // by its name
        VERIFY_DONE(stopped);
        QCOMPARE(stopped->id, *id);
        QCOMPARE(stopped->name, m_run);
        QCOMPARE(stopped->state, u"exited"_s);
        QCOMPARE(stopped->exitCode, 7);
        QCOMPARE(stopped->image, QString(baseImage));
        QCOMPARE(stopped->labels.value(runLabel), m_run);

        VERIFY_DONE(m_client->startContainer(*id));
        VERIFY_DONE(m_client->killContainer(*id, u"KILL"_s));
        QVERIFY(waitFor([&] { return state(*id) == u"exited"_s; }));
        QVERIFY(isKind(m_client->killContainer(*id, u"KILL"_s), ErrorKind::Conflict));

        VERIFY_DONE(m_client->startContainer(*id));
        VERIFY_DONE(m_client->removeContainer(*id)); // running
        QVERIFY(isKind(m_client->removeContainer(*id), ErrorKind::NotFound));
    }

    void containersAreFoundByTheirLabels()
    {
        const auto id = m_client->createContainer(m_run, sleeper());
        VERIFY_DONE(id);
        const auto found = m_client->containers({runLabel + u'=' + m_run, u"changed"_s});
        VERIFY_DONE(found);
        QCOMPARE(found->size(), 1);
        QCOMPARE(found->first().id, *id);
        QCOMPARE(found->first().names, QStringList{m_run});
        const auto others = m_client->containers({runLabel + u"=none"_s});
        VERIFY_DONE(others);
        QVERIFY(others->isEmpty());
    }

    void aCommandRunsAndItsOutputIsSplit()
    {
        const auto id = startSleeper();
        VERIFY_DONE(id);
        const auto result =
            m_client->exec(*id, {u"sh"_s, u"-c"_s, u"echo \"out $KEPT\"; echo err >&2; exit 3"_s});
        VERIFY_DONE(result);
        QCOMPARE(result->exitCode, 3);
        QCOMPARE(result->standardOutput, QByteArray("out yes\n"));
        QCOMPARE(result->standardError, QByteArray("err\n"));
        const auto large = m_client->exec(*id, {u"sh"_s, u"-c"_s, u"head -c 5000000 /dev/zero"_s});
        VERIFY_DONE(large);
        QCOMPARE(large->standardOutput.size(), 5'000'000);
        const auto missing = m_client->exec(*id, {u"/no/such/program"_s});
        QVERIFY(!missing || missing->exitCode != 0);
        VERIFY_DONE(m_client->pauseContainer(*id));
        QVERIFY(isKind(m_client->exec(*id, {u"true"_s}), ErrorKind::Conflict));
        VERIFY_DONE(m_client->unpauseContainer(*id));
    }

    void aLongCommandCanBeCancelled()
    {
        const auto id = startSleeper();
        VERIFY_DONE(id);
        const CancelToken token;
        std::thread canceller([&] {
            const auto other = DockerClient::connect(m_address);
            // Once the command runs it shows by its file.
            while (other
                   && (*other)
                           ->exec(*id, {u"test"_s, u"-e"_s, u"/begun"_s})
                           .value_or(ExecResult{1, {}, {}})
                           .exitCode
                       != 0) { }
            token.cancel();
        });
        QElapsedTimer elapsed;
        elapsed.start();
        const auto result =
            m_client->exec(*id, {u"sh"_s, u"-c"_s, u"touch /begun; sleep 60"_s}, token);
        canceller.join();
        QVERIFY(isKind(result, ErrorKind::Cancelled));
        QVERIFY(elapsed.elapsed() < 30'000);
        VERIFY_DONE(m_client->ping());
    }

    void changesAndTheirSizeAreSeen()
    {
        const auto id = startSleeper();
        VERIFY_DONE(id);
        VERIFY_DONE(m_client->exec(
            *id, {u"sh"_s, u"-c"_s, u"head -c 100000 /dev/zero > /new; rm /bin/yes"_s}));
        const auto changes = m_client->changes(*id);
        VERIFY_DONE(changes);
        const auto has = [&](FilesystemChange::Kind kind, const QString &path) {
            return std::any_of(
                changes->begin(), changes->end(), [&](const FilesystemChange &change) {
                    return change.kind == kind && change.path == path;
                });
        };
        QVERIFY(has(FilesystemChange::Kind::Added, u"/new"_s));
        QVERIFY(has(FilesystemChange::Kind::Deleted, u"/bin/yes"_s));
        QVERIFY(has(FilesystemChange::Kind::Modified, u"/bin"_s));
        const auto details = m_client->inspectContainer(*id, WithSize::Yes);
        VERIFY_DONE(details);
        QVERIFY(details->changedBytes.value_or(0) >= 100'000);
        const auto untouched = m_client->createContainer(m_run + u"-2"_s, sleeper());
        VERIFY_DONE(untouched);
        const auto none = m_client->changes(*untouched);
        VERIFY_DONE(none);
        QVERIFY(none->isEmpty());
    }

    void aCommitKeepsTheFilesAndOverridesLabelsAndEnvironment()
    {
        const auto id = startSleeper();
        VERIFY_DONE(id);
        VERIFY_DONE(m_client->exec(*id, {u"sh"_s, u"-c"_s, u"echo kept > /file"_s}));
        VERIFY_DONE(m_client->pauseContainer(*id));
        CommitRequest request;
        request.containerId = *id;
        request.repository = m_run;
        request.tag = u"snap"_s;
        request.comment = u"50% \"done\" + more"_s;
        request.changes = {u"ENV TOKEN="_s};
        request.labels = {{u"changed"_s, u"after & ü"_s}, {u"added"_s, uR"({"json":"%41"})"_s}};
        const auto imageId = m_client->commit(request);
        VERIFY_DONE(imageId);
        QCOMPARE(state(*id), u"paused"_s); // the engine did not unpause what we paused
        VERIFY_DONE(m_client->unpauseContainer(*id));

        const auto image = m_client->inspectImage(m_run + u":snap"_s);
        VERIFY_DONE(image);
        QCOMPARE(image->id, *imageId);
        QCOMPARE(image->tags, QStringList{m_run + u":snap"_s});
        QCOMPARE(image->labels.value(u"changed"_s), u"after & ü"_s);
        QCOMPARE(image->labels.value(u"added"_s), uR"({"json":"%41"})"_s);
        QCOMPARE(image->labels.value(runLabel), m_run);
        QVERIFY(image->environment.contains(u"TOKEN="_s));
        QVERIFY(image->environment.contains(u"KEPT=yes"_s));
        QVERIFY(!image->environment.contains(u"TOKEN=abc"_s));
        const auto base = m_client->inspectImage(baseImage);
        VERIFY_DONE(base);
        QCOMPARE(image->layers.size(), base->layers.size() + 1);
        QCOMPARE(image->layers.first(), base->layers.first());

        QJsonObject config = sleeper();
        config.insert(u"Image"_s, m_run + u":snap"_s);
        const auto restored = m_client->createContainer(m_run + u"-restored"_s, config);
        VERIFY_DONE(restored);
        VERIFY_DONE(m_client->startContainer(*restored));
        const auto file = m_client->exec(*restored, {u"cat"_s, u"/file"_s});
        VERIFY_DONE(file);
        QCOMPARE(file->standardOutput, QByteArray("kept\n"));
    }

    void anImageInUseIsNotRemoved()
    {
        const auto id = startSleeper();
        VERIFY_DONE(id);
        VERIFY_DONE(m_client->commit({*id, m_run, u"one"_s, {}, {}, {}}));
        VERIFY_DONE(m_client->tagImage(m_run + u":one"_s, m_run, u"two"_s));
        const auto listed = m_client->images({runLabel + u'=' + m_run});
        VERIFY_DONE(listed);
        QCOMPARE(listed->size(), 1);
        QCOMPARE(listed->first().tags.size(), 2);

        QJsonObject config = sleeper();
        config.insert(u"Image"_s, m_run + u":two"_s);
        const auto user = m_client->createContainer(m_run + u"-user"_s, config);
        VERIFY_DONE(user);
        const auto untagged = m_client->removeImage(m_run + u":one"_s); // has another tag
        VERIFY_DONE(untagged);
        QCOMPARE(untagged->untagged.size(), 1);
        QVERIFY(untagged->deleted.isEmpty());
        const auto refused = m_client->removeImage(m_run + u":two"_s);
        QVERIFY(isKind(refused, ErrorKind::Conflict));
        QVERIFY(!refused.error().remoteMessage.isEmpty());
        VERIFY_DONE(m_client->removeContainer(*user));
        const auto removed = m_client->removeImage(m_run + u":two"_s);
        VERIFY_DONE(removed);
        QVERIFY(!removed->deleted.isEmpty());
        QVERIFY(isKind(m_client->inspectImage(m_run + u":two"_s), ErrorKind::NotFound));
    }

    void whatIsNotThereIsNotFound()
    {
        const QString none = m_run;
        QVERIFY(isKind(m_client->inspectContainer(none), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->startContainer(none), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->stopContainer(none, 1s), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->killContainer(none, u"KILL"_s), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->pauseContainer(none), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->unpauseContainer(none), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->removeContainer(none), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->changes(none), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->exec(none, {u"true"_s}), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->commit({none, none, u"t"_s, {}, {}, {}}), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->inspectImage(none), ErrorKind::NotFound));
        QVERIFY(isKind(m_client->tagImage(none, none, u"t"_s), ErrorKind::NotFound));
        const auto removed = m_client->removeImage(none);
        QVERIFY(isKind(removed, ErrorKind::NotFound));
        QCOMPARE(removed.error().httpStatus, 404);
        QVERIFY(removed.error().remoteMessage.contains(u"No such image"_s));
        QJsonObject config = sleeper();
        config.insert(u"Image"_s, none);
        QVERIFY(isKind(m_client->createContainer(m_run, config), ErrorKind::NotFound));
    }

    void whatHappensIsHeard()
    {
        const auto id = m_client->createContainer(m_run, sleeper());
        VERIFY_DONE(id);
        EventStream stream(m_address, m_client->apiVersion(), 0);
        QStringList actions; // of this container and its image, as other tests may share the engine
        qint64 startedAt = 0;
        QList<Error> ends;
        connect(&stream, &EventStream::received, this, [&](const EngineEvent &event) {
            if (event.attributes.value(runLabel) != m_run)
                return;
            actions.append(event.type + u' ' + event.action);
            if (event.action == u"start"_s)
                startedAt = event.timeNanoseconds;
        });
        connect(
            &stream, &EventStream::ended, this, [&](const Error &error) { ends.append(error); });
        // The stream is open once it tells of something; a pause of nothing would tell nothing.
        QVERIFY(waitFor([&] {
            if (m_client->startContainer(*id) && !actions.contains(u"container start"_s))
                (void)m_client->killContainer(*id, u"KILL"_s);
            return actions.contains(u"container start"_s);
        }));
        VERIFY_DONE(m_client->startContainer(*id));
        VERIFY_DONE(m_client->commit({*id, m_run, u"heard"_s, {}, {}, {}}));
        VERIFY_DONE(m_client->removeContainer(*id));
        QVERIFY(waitFor([&] { return actions.contains(u"container destroy"_s); }));
        QVERIFY(actions.contains(u"image tag"_s));
        QVERIFY(actions.contains(u"container commit"_s));
        QVERIFY(actions.contains(u"container die"_s));
        QVERIFY2(ends.isEmpty(), ends.isEmpty() ? "" : qPrintable(ends.first().summary()));

        // A second stream told to begin at the start hears the same again.
        EventStream again(m_address, m_client->apiVersion(), startedAt);
        QStringList repeated;
        connect(&again, &EventStream::received, this, [&](const EngineEvent &event) {
            if (event.attributes.value(runLabel) == m_run)
                repeated.append(event.type + u' ' + event.action);
        });
        QVERIFY(waitFor([&] { return repeated.contains(u"container destroy"_s); }));
        QCOMPARE(repeated.first(), u"container start"_s);
    }
};

QTEST_GUILESS_MAIN(DockerClientTest)
#include "tst_dockerclient.moc"
