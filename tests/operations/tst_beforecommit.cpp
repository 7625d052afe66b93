#include "services/domain/imagereference.h"
#include "services/operations/baseimage.h"
#include "services/operations/enginedisk.h"
#include "services/operations/planningsnapshot.h"

#include <QTemporaryDir>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const QString debian = u"sha256:"_s + QString(64, u'd');
const QString alpine = u"sha256:"_s + QString(64, u'a');
const QString ours = u"sha256:"_s + QString(64, u'5');

ContainerSummary sandboxOn(const QString &imageId)
{
    ContainerSummary container;
    container.imageId = imageId;
    return container;
}

ImageSummary snapshotOn(const QString &base)
{
    ImageSummary image;
    image.id = ours;
    if (!base.isEmpty())
        image.labels.insert(label::snapshotBase, base);
    return image;
}

ImageSummary heldImage(const QString &id)
{
    ImageSummary image;
    image.id = id;
    image.tags = {baseReference(id)};
    return image;
}

} // namespace

/// The rules by which a commit is prepared.
class BeforeCommitTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsByTable_data()
    {
        QTest::addColumn<QList<ContainerSummary>>("sandboxes");
        QTest::addColumn<QList<ImageSummary>>("snapshots");
        QTest::addColumn<QList<ImageSummary>>("held");
        QTest::addColumn<QStringList>("missing");
        QTest::addColumn<QStringList>("needless");
        using Sandboxes = QList<ContainerSummary>;
        using Images = QList<ImageSummary>;
        const QStringList none;
        QTest::newRow("nothing there") << Sandboxes() << Images() << Images() << none << none;
        QTest::newRow("new sandbox")
            << Sandboxes{sandboxOn(debian)} << Images() << Images() << QStringList{debian} << none;
        QTest::newRow("two of one image") << Sandboxes{sandboxOn(debian), sandboxOn(debian)}
                                          << Images() << Images{heldImage(debian)} << none << none;
        QTest::newRow("only a snapshot left") << Sandboxes() << Images{snapshotOn(debian)}
                                              << Images{heldImage(debian)} << none << none;
        QTest::newRow("last one gone") << Sandboxes() << Images() << Images{heldImage(debian)}
                                       << none << QStringList{baseReference(debian)};
        QTest::newRow("another one gone") << Sandboxes{sandboxOn(alpine)} << Images()
                                          << Images{heldImage(alpine), heldImage(debian)} << none
                                          << QStringList{baseReference(debian)};
        QTest::newRow("restored from a snapshot")
            << Sandboxes{sandboxOn(ours)} << Images{snapshotOn(debian)} << Images()
            << QStringList{debian} << none;
        QTest::newRow("snapshot without the label")
            << Sandboxes{sandboxOn(ours)} << Images{snapshotOn({})} << Images() << none << none;
    }
    void holdsByTable()
    {
        QFETCH(QList<ContainerSummary>, sandboxes);
        QFETCH(QList<ImageSummary>, snapshots);
        QFETCH(QList<ImageSummary>, held);
        const BaseHolds holds = reviewHolds(sandboxes, snapshots, held);
        QTEST(holds.missing, "missing");
        QTEST(holds.needless, "needless");
    }

    void baseOfASnapshotIsWhatItRestsOn()
    {
        ImageDetails image;
        image.id = ours;
        QCOMPARE(baseOf(image), ours);
        image.labels.insert(label::snapshotBase, debian);
        QCOMPARE(baseOf(image), debian);
    }

    void freeSpaceIsKnownOnlyWhereTheDiskIs()
    {
        const QTemporaryDir folder;
        EngineInfo info;
        info.hostName = u"here"_s;
        info.rootDirectory = folder.path();
        const EngineAddress socket = EngineAddress::parse(u"unix:///run/docker.sock"_s).value();
        const EngineAddress network = EngineAddress::parse(u"tcp://127.0.0.1:2375"_s).value();
        const auto disk = diskOf(socket, info, u"here"_s);
        QVERIFY(disk);
        QVERIFY(disk->freeBytes > 0);
        QVERIFY(disk->bytes >= disk->freeBytes);
        QVERIFY(!diskOf(socket, info, u"elsewhere"_s));
        QVERIFY(!diskOf(network, info, u"here"_s));
        info.rootDirectory = folder.filePath(u"not there"_s);
        QVERIFY(!diskOf(socket, info, u"here"_s));
    }
};

QTEST_GUILESS_MAIN(BeforeCommitTest)
#include "tst_beforecommit.moc"
