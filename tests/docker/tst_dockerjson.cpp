#include "services/docker/dockerjson.h"

#include <QDateTime>
#include <QFile>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

/// An answer of Docker 20.10.24.
QByteArray recorded(const QString &name)
{
    QFile file(QStringLiteral(SANDGLASS_SOURCE_DIR) + u"/tests/docker/recorded/"_s + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no recorded answer %s", qPrintable(name));
    return file.readAll();
}

EngineVersion speaking(ApiVersion oldest, ApiVersion newest)
{
    EngineVersion version;
    version.oldest = oldest;
    version.newest = newest;
    return version;
}

QByteArray frame(char stream, const QByteArray &content)
{
    QByteArray bytes(8, '\0');
    bytes[0] = stream;
    bytes[7] = char(content.size());
    return bytes + content;
}

const Labels recordedLabels{{u"io.sandglass.sandbox.id"_s, u"sb-1"_s}, {u"note"_s, u"two words"_s}};

} // namespace

class DockerJsonTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anApiVersionIsTwoNumbers()
    {
        QCOMPARE(ApiVersion::parse(u"1.41"_s), (ApiVersion{1, 41}));
        QCOMPARE((ApiVersion{1, 41}.text()), u"1.41"_s);
        QVERIFY((ApiVersion{1, 9} < ApiVersion{1, 40}));
        for (const QString &bad :
             {u""_s, u"1"_s, u"1.x"_s, u"v1.41"_s, u"1.41.0"_s, u"1.99999"_s, u" 1.41"_s})
            QVERIFY(!ApiVersion::parse(bad));
    }

    void theNewestCommonVersionIsSpoken_data()
    {
        QTest::addColumn<ApiVersion>("oldest");
        QTest::addColumn<ApiVersion>("newest");
        QTest::addColumn<QString>("spoken"); // empty: none
        const auto row =
            [](const char *name, ApiVersion oldest, ApiVersion newest, const QString &spoken) {
                QTest::newRow(name) << oldest << newest << spoken;
            };
        row("20.10", {1, 12}, {1, 41}, u"1.41"_s);
        row("oldest we speak", {1, 12}, {1, 40}, u"1.40"_s);
        row("29.0", {1, 44}, {1, 52}, u"1.52"_s);
        row("newest we speak", {1, 40}, {1, 56}, u"1.56"_s);
        row("newer than we", {1, 44}, {1, 70}, u"1.56"_s);
        row("too old", {1, 12}, {1, 39}, {});
        row("too new", {1, 57}, {1, 60}, {});
    }
    void theNewestCommonVersionIsSpoken()
    {
        QFETCH(const ApiVersion, oldest);
        QFETCH(const ApiVersion, newest);
        QFETCH(const QString, spoken);
        const auto version = negotiate(speaking(oldest, newest));
        QCOMPARE(bool(version), !spoken.isEmpty());
        if (version) {
            QCOMPARE(version->text(), spoken);
            return;
        }
        QCOMPARE(version.error().kind, ErrorKind::UnsupportedVersion);
        for (const QString &text : {oldest.text(), newest.text(), u"1.40"_s, u"1.56"_s})
            QVERIFY2(version.error().detail.contains(text), qPrintable(version.error().detail));
    }

    void theVersionIsRead()
    {
        const auto version = parseVersion(recorded(u"version.json"_s));
        QVERIFY(version);
        QCOMPARE(version->engineVersion, u"20.10.24+dfsg1"_s);
        QCOMPARE(version->newest, (ApiVersion{1, 41}));
        QCOMPARE(version->oldest, (ApiVersion{1, 12}));
        QCOMPARE(version->operatingSystem, u"linux"_s);
        QCOMPARE(version->architecture, u"amd64"_s);
        QVERIFY(parseVersion(R"({"ApiVersion":"1.41"})"));
        QVERIFY(!parseVersion("{}"));
        QVERIFY(!parseVersion("<html>"));
    }

    void theInformationIsRead()
    {
        const auto info = parseInfo(recorded(u"info.json"_s));
        QVERIFY(info);
        QCOMPARE(info->hostName, u"engine-a"_s);
        QCOMPARE(info->storageDriver, u"overlay2"_s);
        QCOMPARE(info->rootDirectory, u"/var/lib/docker"_s);
        QCOMPARE(info->cpus, 2);
        QVERIFY(info->memoryBytes > 1'000'000'000);
        const auto told = QDateTime::fromString(u"2026-11-22T22:08:50.264Z"_s, Qt::ISODateWithMs);
        QVERIFY(qAbs(toMilliseconds(info->systemTime) - told.toMSecsSinceEpoch()) <= 1);
        QCOMPARE(parseInfo(R"({"SystemTime":"never"})")->systemTime, Timestamp());
    }

    void diskUsageIsReadFromOldAndNewEngines()
    {
        const auto old = parseDiskUsage(recorded(u"system-df.json"_s));
        QVERIFY(old);
        QVERIFY(old->layerBytes > 1'000'000);
        // API 1.53: no LayersSize any more (fact I6).
        QCOMPARE(
            parseDiskUsage(R"({"ImageUsage":{"ActiveCount":1,"TotalCount":2,"TotalSize":4711}})")
                ->layerBytes,
            qint64(4711));
    }

    void containersAreListed()
    {
        const auto containers = parseContainers(recorded(u"containers.json"_s));
        QVERIFY(containers);
        QCOMPARE(containers->size(), 1);
        const ContainerSummary &one = containers->first();
        QCOMPARE(one.id.size(), 64);
        QCOMPARE(one.names, QStringList{u"rec"_s});
        QCOMPARE(one.image, u"sandbox-base:busybox"_s);
        QVERIFY(one.imageId.startsWith(u"sha256:"_s));
        QCOMPARE(one.state, u"running"_s);
        QCOMPARE(one.labels, recordedLabels);
        QCOMPARE(toMilliseconds(one.createdAt), qint64(1795385329000));
        QVERIFY(parseContainers("[]")->isEmpty());
        QVERIFY(parseContainers("null\n")->isEmpty());
        QVERIFY(parseContainers(R"([{"Id":"x","Labels":null,"Names":null}])"));
        QVERIFY(!parseContainers(R"([{"Names":["/x"]}])"));
        QVERIFY(!parseContainers(R"({"message":"no"})"));
    }

    void aContainerIsReadInEachState()
    {
        const auto running = parseContainer(recorded(u"container.json"_s));
        QVERIFY(running);
        QCOMPARE(running->name, u"rec"_s);
        QCOMPARE(running->image, u"sandbox-base:busybox"_s);
        QCOMPARE(running->state, u"running"_s);
        QVERIFY(running->running);
        QVERIFY(!running->paused);
        QCOMPARE(running->labels, recordedLabels);
        QCOMPARE(running->config.value("WorkingDir"_L1).toString(), u"/srv"_s);
        QCOMPARE(running->hostConfig.value("Memory"_L1).toInteger(), qint64(64 << 20));
        QVERIFY(running->changedBytes);
        QVERIFY(*running->changedBytes > 0);

        const auto paused = parseContainer(recorded(u"container-paused.json"_s));
        QVERIFY(paused);
        QCOMPARE(paused->state, u"paused"_s);
        QVERIFY(paused->running);
        QVERIFY(paused->paused);
        QVERIFY(!paused->changedBytes);

        const auto exited = parseContainer(recorded(u"container-exited.json"_s));
        QVERIFY(exited);
        QCOMPARE(exited->state, u"exited"_s);
        QVERIFY(!exited->running);
        QCOMPARE(exited->exitCode, 137);

        // Podman says of a paused container that it does not run; engines of API 1.52 omit what is
        // empty.
        const auto other = parseContainer(
            R"({"Id":"x","Name":"x","State":{"Status":"paused","Paused":true,"Running":false}})");
        QVERIFY(other);
        QVERIFY(other->running);
        QVERIFY(other->labels.isEmpty());
        QVERIFY(!parseContainer("{}"));
        QVERIFY(!parseContainer("[]"));
        QVERIFY(!parseContainer(""));
    }

    void changesAreRead()
    {
        const auto changes = parseChanges(recorded(u"changes.json"_s));
        QVERIFY(changes);
        QCOMPARE(changes->size(), 4);
        QCOMPARE(changes->at(0).path, u"/added"_s);
        QCOMPARE(changes->at(0).kind, FilesystemChange::Kind::Added);
        QCOMPARE(changes->at(1).kind, FilesystemChange::Kind::Modified);
        QCOMPARE(changes->at(2).path, u"/bin/yes"_s);
        QCOMPARE(changes->at(2).kind, FilesystemChange::Kind::Deleted);
        QVERIFY(parseChanges("null")->isEmpty());
        QVERIFY(!parseChanges(R"([{"Path":"/x","Kind":7}])"));
    }

    void anImageIsRead()
    {
        const auto image = parseImage(recorded(u"image.json"_s));
        QVERIFY(image);
        QCOMPARE(image->id, *parseId(recorded(u"commit.json"_s)));
        QCOMPARE(image->tags, QStringList{u"rec-img:t1"_s});
        QVERIFY(image->parent.startsWith(u"sha256:"_s));
        QCOMPARE(image->layers.size(), 2);
        QVERIFY(image->sizeBytes > 1'000'000);
        QCOMPARE(image->labels.value(u"io.sandglass.snapshot.id"_s), u"snap-1"_s);
        QCOMPARE(image->labels.value(u"note"_s), u"two words"_s);
        QCOMPARE(image->environment, (QStringList{u"TOKEN="_s, u"PATH=/bin"_s}));
        QCOMPARE(image->operatingSystem, u"linux"_s);
        QCOMPARE(image->architecture, u"amd64"_s);
        // API 1.52: no Parent, and Config fields only when they are not empty (facts I4, I6).
        const auto newer = parseImage(
            R"({"Id":"sha256:1","RepoTags":null,"Size":5,"Config":{"Cmd":["sh"]},"RootFS":{"Type":"layers"}})");
        QVERIFY(newer);
        QVERIFY(newer->repoDigests.isEmpty());
        QVERIFY(newer->parent.isEmpty());
        QVERIFY(newer->labels.isEmpty());
        QVERIFY(newer->layers.isEmpty());
        const auto pushed = parseImage(R"({"Id":"sha256:1","RepoDigests":["h:1/r@sha256:2"]})");
        QVERIFY(pushed);
        QCOMPARE(pushed->repoDigests, QStringList{u"h:1/r@sha256:2"_s});
    }

    void imagesAreListed()
    {
        const auto images = parseImages(recorded(u"images.json"_s));
        QVERIFY(images);
        QVERIFY(images->size() >= 2);
        QCOMPARE(images->first().tags, QStringList{u"rec-img:t1"_s});
        QCOMPARE(images->first().labels.value(u"io.sandglass.snapshot.id"_s), u"snap-1"_s);
        QVERIFY(images->first().createdAt > Timestamp());
        const auto dangling =
            parseImages(R"([{"Id":"sha256:1","RepoTags":["<none>:<none>"],"Containers":-1}])");
        QVERIFY(dangling);
        QVERIFY(dangling->first().tags.isEmpty());
    }

    void aRemovalTellsUntaggedFromDeleted()
    {
        const auto untagged = parseImageRemoval(recorded(u"untag.json"_s));
        QVERIFY(untagged);
        QCOMPARE(untagged->untagged, QStringList{u"rec-img:t2"_s});
        QVERIFY(untagged->deleted.isEmpty());
        const auto removed = parseImageRemoval(recorded(u"remove.json"_s));
        QVERIFY(removed);
        QCOMPARE(removed->untagged, QStringList{u"rec-img:t1"_s});
        QCOMPARE(removed->deleted.size(), 2);
    }

    void eventsAreReadFromOldAndNewEngines()
    {
        QStringList actions;
        const QList<QByteArray> lines = recorded(u"events.ndjson"_s).trimmed().split('\n');
        for (const QByteArray &line : lines) {
            const auto event = parseEvent(line);
            QVERIFY(event);
            QVERIFY(event->type == u"container"_s || event->type == u"image"_s);
            QVERIFY(!event->actorId.isEmpty());
            actions.append(event->action);
        }
        for (const QString &action :
             {u"pause"_s, u"tag"_s, u"commit"_s, u"unpause"_s, u"delete"_s, u"die"_s})
            QVERIFY2(actions.contains(action), qPrintable(actions.join(u' ')));
        const auto pause = parseEvent(lines.at(actions.indexOf(u"pause"_s)));
        QCOMPARE(pause->timeNanoseconds, 1795385330855560106); // more digits than a double has
        QCOMPARE(pause->attributes.value(u"io.sandglass.sandbox.id"_s), u"sb-1"_s);
        // API 1.52: without status, id and from (fact V2).
        const auto newer = parseEvent(
            R"({"Type":"container","Action":"die","Actor":{"ID":"x","Attributes":{}},"scope":"local","timeNano":5})");
        QVERIFY(newer);
        QCOMPARE(newer->actorId, u"x"_s);
        QVERIFY(!parseEvent("{}"));
        QVERIFY(!parseEvent("{\"Type\":"));
    }

    void theEnginesWordsAreFound()
    {
        QCOMPARE(parseErrorMessage(recorded(u"error.json"_s)), u"No such container: nope"_s);
        QCOMPARE(parseErrorMessage(R"({"cause":"why","message":"what: why"})"), u"what: why"_s);
        QCOMPARE(parseErrorMessage(R"({"cause":"why"})"), u"why"_s);
        QCOMPARE(parseErrorMessage("404 page not found\n"), u"404 page not found"_s);
        QCOMPARE(parseErrorMessage(""), QString());
        QCOMPARE(parseErrorMessage(QByteArray(100'000, 'x')).size(), 4096);
    }

    void outputIsSplitIntoItsStreams()
    {
        const auto real = parseExecOutput(recorded(u"exec-output.bin"_s));
        QVERIFY(real);
        QCOMPARE(real->standardOutput, QByteArray("out\n"));
        QCOMPARE(real->standardError, QByteArray("err\n"));
        const auto mixed =
            parseExecOutput(frame(1, "a") + frame(2, "x") + frame(1, "") + frame(1, "b"));
        QVERIFY(mixed);
        QCOMPARE(mixed->standardOutput, QByteArray("ab"));
        QCOMPARE(mixed->standardError, QByteArray("x"));
        QVERIFY(parseExecOutput(""));
        QVERIFY(!parseExecOutput(frame(1, "abc").chopped(1)));
        QVERIFY(!parseExecOutput(frame(1, "abc") + "\1\0\0"));
        QVERIFY(!parseExecOutput(frame(9, "abc")));
    }

    void truncatedAnswersAreErrorsNotCrashes_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name :
             {"version", "info", "containers", "container", "image", "images", "changes"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void truncatedAnswersAreErrorsNotCrashes()
    {
        QFETCH(const QString, name);
        const QByteArray whole = recorded(name + u".json"_s).trimmed();
        for (qsizetype size = 0; size < whole.size(); size += 7) {
            const QByteArray part = whole.left(size);
            QVERIFY(!parseVersion(part) && !parseInfo(part) && !parseContainers(part));
            QVERIFY(
                !parseContainer(part) && !parseImage(part) && !parseImages(part)
                && !parseChanges(part));
        }
    }
};

QTEST_GUILESS_MAIN(DockerJsonTest)
#include "tst_dockerjson.moc"
