#include "services/core/json.h"
#include "services/docker/dockerjson.h"
#include "services/docker/enginecall.h"
#include "services/docker/enginedialect.h"

#include <QFile>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

/// An answer of Podman 4.3.1, except for those of Docker 20.10.24 whose names do not begin so.
QByteArray recorded(const QString &name)
{
    QFile file(QStringLiteral(SANDGLASS_SOURCE_DIR) + u"/tests/docker/recorded/"_s + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no recorded answer %s", qPrintable(name));
    return file.readAll();
}

const EngineCapabilities docker;
const EngineCapabilities podman = capabilitiesOf(podmanProduct, u"4.3.1"_s);

QByteArray podmanError(const QString &message)
{
    return toBytes({{u"cause"_s, message.section(u": "_s, -1)}, {u"message"_s, message}});
}

HttpResponse answer(int status, const QByteArray &body)
{
    HttpResponse response;
    response.status = status;
    response.body = body;
    return response;
}

} // namespace

class EngineDialectTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theProductIsToldByTheVersion()
    {
        const auto version = parseVersion(recorded(u"podman-version.json"_s));
        QVERIFY(version);
        QCOMPARE(version->product, u"Podman"_s);
        QCOMPARE(version->engineVersion, u"4.3.1"_s);
        QCOMPARE(version->capabilities, podman);
        QCOMPARE(negotiate(*version)->text(), u"1.41"_s);

        const auto dockers = parseVersion(recorded(u"version.json"_s));
        QVERIFY(dockers);
        QCOMPARE(dockers->product, u"Docker"_s);
        QCOMPARE(dockers->capabilities, docker);
        QCOMPARE(parseVersion(R"({"ApiVersion":"1.41"})")->product, u"Docker"_s);
    }

    void commitLabelsAreTakenByVersion_data()
    {
        QTest::addColumn<QString>("product");
        QTest::addColumn<QString>("version");
        QTest::addColumn<bool>("taken");
        QTest::newRow("docker") << u"Docker"_s << u"20.10.24+dfsg1"_s << true;
        QTest::newRow("podman 3") << u"Podman"_s << u"3.4.4"_s << false;
        QTest::newRow("podman 4") << u"Podman"_s << u"4.9.5-dev"_s << false;
        QTest::newRow("podman 5") << u"Podman"_s << u"5.0.0"_s << true;
        QTest::newRow("podman without a version") << u"Podman"_s << QString() << false;
    }
    void commitLabelsAreTakenByVersion()
    {
        QFETCH(const QString, product);
        QFETCH(const QString, version);
        QTEST(capabilitiesOf(product, version).takesCommitLabels, "taken");
    }

    void onlyPodmanTellsItsVersionSlowly()
    {
        QVERIFY(tellsVersionSlowly("Libpod/4.3.1 (linux)"));
        QVERIFY(!tellsVersionSlowly("Docker/20.10.24 (linux)"));
        QVERIFY(!tellsVersionSlowly({}));
    }

    void namesAreShortened_data()
    {
        QTest::addColumn<QString>("listed");
        QTest::addColumn<QString>("shortened");
        QTest::newRow("a short name") << u"name:1"_s << u"name:1"_s;
        QTest::newRow("Docker's library") << u"docker.io/library/name:1"_s << u"name:1"_s;
        QTest::newRow("Docker's hub") << u"docker.io/user/name:1"_s << u"user/name:1"_s;
        QTest::newRow("this machine") << u"localhost/name:1"_s << u"name:1"_s;
        QTest::newRow("a registry on this machine")
            << u"localhost:5000/name:1"_s << u"localhost:5000/name:1"_s;
        QTest::newRow("another registry")
            << u"quay.io/library/name:1"_s << u"quay.io/library/name:1"_s;
        QTest::newRow("our holds") << u"0.sandglass/base:00ff"_s << u"0.sandglass/base:00ff"_s;
    }
    void namesAreShortened()
    {
        QFETCH(const QString, listed);
        QTEST(shortName(listed), "shortened");
    }

    void imagesAreListedByTheNamesTheyWereGiven()
    {
        auto images = parseImages(recorded(u"podman-images.json"_s));
        QVERIFY(images);
        QCOMPARE(images->size(), 3);
        normalise(*images, podman);
        QCOMPARE(images->at(0).tags, QStringList());
        QCOMPARE(images->at(1).tags, QStringList{u"sandbox-base:busybox"_s});
        QCOMPARE(images->at(2).tags, (QStringList{u"rec-img:t1"_s, u"mine:1"_s}));

        QList<ImageSummary> twice{{}};
        twice.first().tags = {u"docker.io/library/name:1"_s, u"localhost/name:1"_s};
        QList<ImageSummary> same = twice;
        normalise(twice, podman);
        QCOMPARE(twice.first().tags, QStringList{u"name:1"_s});
        normalise(same, docker);
        QCOMPARE(same.first().tags.size(), 2);
    }

    void onlyNamesInTheRepositoryThatWasAskedForAreKept()
    {
        QList<ImageSummary> images{{}};
        images.first().tags = {u"name:1"_s, u"0.sandglass/base:00ff"_s, u"0.sandglass/base2:1"_s};
        keepNamesIn(images, u"0.sandglass/base"_s);
        QCOMPARE(images.first().tags, QStringList{u"0.sandglass/base:00ff"_s});
    }

    void anImageIsDescribedByTheNamesItWasGiven()
    {
        auto image = parseImage(recorded(u"podman-image.json"_s));
        QVERIFY(image);
        normalise(*image, podman);
        QCOMPARE(image->tags, (QStringList{u"rec-img:t1"_s, u"mine:1"_s}));
        QVERIFY(image->parent.startsWith(u"sha256:"_s));
        QCOMPARE(image->id, *parseImageId(recorded(u"podman-commit.json"_s)));
        QCOMPARE(image->labels.value(u"io.sandglass.snapshot.id"_s), u"snap-1"_s);
        QCOMPARE(image->comment, u"c"_s);

        auto removal = parseImageRemoval(recorded(u"podman-remove.json"_s));
        QVERIFY(removal);
        normalise(*removal, podman);
        QCOMPARE(removal->untagged, QStringList{u"rec-img:t1"_s});
        QCOMPARE(removal->deleted, QStringList{image->id});
    }

    void aContainerIsDescribedAsItWasCreated()
    {
        auto container = parseContainer(recorded(u"podman-container.json"_s));
        QVERIFY(container);
        normalise(*container, podman);
        QCOMPARE(container->image, u"sandbox-base:busybox"_s);
        QCOMPARE(container->config["Image"_L1].toString(), u"sandbox-base:busybox"_s);
        QVERIFY(container->running);
        QVERIFY(container->paused);
        const QStringList environment = toStringList(container->config["Env"_L1]);
        QVERIFY(environment.contains(u"GREETING=hello"_s));
        QVERIFY(!environment.contains(u"container=podman"_s));
        QVERIFY(environment.filter(u"HOSTNAME="_s).isEmpty());
        QCOMPARE(container->hostConfig["NanoCpus"_L1].toInteger(), qint64(500'000'000));
        QVERIFY(!container->hostConfig.contains("CpuQuota"_L1));
        QVERIFY(!container->hostConfig.contains("CpuPeriod"_L1));
        QCOMPARE(container->hostConfig["Ulimits"_L1][0]["Name"_L1].toString(), u"nofile"_s);
        QCOMPARE(container->hostConfig["Ulimits"_L1][0]["Soft"_L1].toInteger(), qint64(4096));

        auto containers = parseContainers(recorded(u"podman-containers.json"_s));
        QVERIFY(containers);
        normalise(*containers, podman);
        QCOMPARE(containers->first().image, u"sandbox-base:busybox"_s);
    }

    void whatSomebodyChoseIsKept()
    {
        ContainerDetails container;
        container.id = u"0123456789abcdef"_s;
        container.config = {
            {u"Env"_s, QJsonArray{u"HOSTNAME=mine"_s, u"container=other"_s, u"HOME=/"_s}}};
        container.hostConfig = {{u"NanoCpus"_s, 0}, {u"CpuQuota"_s, 1000}, {u"CpuPeriod"_s, 2000}};
        normalise(container, podman);
        QCOMPARE(toStringList(container.config["Env"_L1]).size(), 3);
        QCOMPARE(container.hostConfig["CpuQuota"_L1].toInt(), 1000);
        QVERIFY(!container.hostConfig.contains("Ulimits"_L1));
    }

    void whatDockerSaysIsLeftAsItIs()
    {
        const auto before = parseContainer(recorded(u"container.json"_s));
        QVERIFY(before);
        ContainerDetails after = *before;
        normalise(after, docker);
        QCOMPARE(after.config, before->config);
        QCOMPARE(after.hostConfig, before->hostConfig);
        QCOMPARE(after.image, before->image);
    }

    void labelsBecomeInstructions()
    {
        QCOMPARE(
            labelInstructions(
                {{u"a"_s, u"two \"quoted\" words"_s},
                 {u"b"_s, u""_s},
                 {u"c"_s, u"one line\nanother"_s}}),
            (QStringList{
                u"LABEL a=\"two \"quoted\" words\""_s,
                u"LABEL b=\"\""_s,
                u"LABEL c=\"one line another\""_s}));
    }

    void aRemovedContainerIsDestroyed()
    {
        QStringList actions;
        const QList<QByteArray> lines = recorded(u"podman-events.ndjson"_s).trimmed().split('\n');
        for (const QByteArray &line : lines) {
            const auto event = parseEvent(line);
            QVERIFY(event);
            actions.append(event->type + u' ' + event->action);
            if (event->type == u"container"_s)
                QCOMPARE(event->attributes.value(u"io.sandglass.sandbox.id"_s), u"sb-1"_s);
        }
        QVERIFY(actions.contains(u"container destroy"_s));
        QVERIFY(actions.contains(u"container commit"_s));
        QVERIFY(!actions.contains(u"container remove"_s));
    }

    void conflictsAreToldByTheirCause_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<ErrorKind>("kind");
        const auto row = [](const char *name, int status, const QString &message, ErrorKind kind) {
            QTest::newRow(name) << status << podmanError(message) << kind;
        };
        QTest::newRow("already paused")
            << 500 << recorded(u"podman-error.json"_s) << ErrorKind::Conflict;
        row("a name that is taken",
            500,
            u"the container name \"x\" is already in use by 01: that name is already in use"_s,
            ErrorKind::Conflict);
        row("an image in use", 409, u"image used by 01: image is in use"_s, ErrorKind::Conflict);
        row("no such container", 404, u"none found: no such container"_s, ErrorKind::NotFound);
        row("anything else", 500, u"Decode(): EOF"_s, ErrorKind::Engine);
        row("a full disk", 500, u"write /x: no space left on device"_s, ErrorKind::StorageFull);
    }
    void conflictsAreToldByTheirCause()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        QFETCH(const ErrorKind, kind);
        const Error error = engineError(answer(status, body), u"try"_s, u"unix:///x"_s);
        QCOMPARE(error.kind, kind);
        QCOMPARE(error.httpStatus, status);
    }
};

QTEST_GUILESS_MAIN(EngineDialectTest)
#include "tst_enginedialect.moc"
