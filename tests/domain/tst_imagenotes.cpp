#include "services/domain/imagenotes.h"
#include "services/domain/imagereference.h"

#include <QTest>

#include <limits>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const SandboxId sandbox = SandboxId::trusted(u"sb-web"_s);
const SnapshotId snapshot = SnapshotId::trusted(u"snap-one"_s);
const Timestamp soon = fromMilliseconds(1'700'000'000'123);
const Timestamp later = fromMilliseconds(1'800'000'000'000);

} // namespace

/// What an image's names tell of its snapshot.
class ImageNotesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void notesGoThereAndBack_data()
    {
        QTest::addColumn<ImageNotes>("notes");
        QTest::addColumn<QStringList>("names");
        QTest::newRow("nothing") << ImageNotes() << QStringList();
        QTest::newRow("in the trash")
            << ImageNotes{true, false, {}, {}} << QStringList{u"sandglass-trash:sb-web-snap-one"_s};
        QTest::newRow("pinned for good") << ImageNotes{false, true, {}, {}}
                                         << QStringList{u"sandglass-pinned:sb-web-snap-one"_s};
        QTest::newRow("pinned for a time")
            << ImageNotes{false, true, soon, {}}
            << QStringList{u"sandglass-pinned:sb-web-snap-one.1700000000123"_s};
        QTest::newRow("never expires")
            << ImageNotes{false, false, {}, 0} << QStringList{u"sandglass-ttl:sb-web-snap-one.0"_s};
        QTest::newRow("everything, as long as can be")
            << ImageNotes{true, true, later, std::numeric_limits<qint64>::max()}
            << QStringList{
                   u"sandglass-trash:sb-web-snap-one"_s,
                   u"sandglass-pinned:sb-web-snap-one.1800000000000"_s,
                   u"sandglass-ttl:sb-web-snap-one.9223372036854775807"_s};
    }
    void notesGoThereAndBack()
    {
        QFETCH(ImageNotes, notes);
        QFETCH(QStringList, names);
        QCOMPARE(noteNames(notes, sandbox, snapshot), names);
        for (const QString &name : names)
            QVERIFY2(validateImageReference(name), qPrintable(name));
        const QStringList all = names + QStringList{snapshotReference(sandbox, snapshot)};
        QVERIFY(notesFrom(all, sandbox, snapshot) == notes);
        QCOMPARE(noteNamesAmong(all, sandbox, snapshot), names);
    }

    void ofTwoTheOneThatKeepsItLonger_data()
    {
        QTest::addColumn<QStringList>("ends"); // of two names each
        QTest::addColumn<ImageNotes>("notes");
        const auto pin = [](const QString &end) {
            return u"sandglass-pinned:sb-web-snap-one"_s + end;
        };
        const auto ttl = [](const QString &end) {
            return u"sandglass-ttl:sb-web-snap-one."_s + end;
        };
        QTest::newRow("the later pin")
            << QStringList{pin(u".1700000000123"_s), pin(u".1800000000000"_s)}
            << ImageNotes{false, true, later, {}};
        QTest::newRow("the pin for good")
            << QStringList{pin({}), pin(u".1800000000000"_s)} << ImageNotes{false, true, {}, {}};
        QTest::newRow("the longer TTL")
            << QStringList{ttl(u"60"_s), ttl(u"3600"_s)} << ImageNotes{false, false, {}, 3600};
        QTest::newRow("the TTL without an end")
            << QStringList{ttl(u"60"_s), ttl(u"0"_s)} << ImageNotes{false, false, {}, 0};
    }
    void ofTwoTheOneThatKeepsItLonger()
    {
        QFETCH(QStringList, ends);
        QFETCH(ImageNotes, notes);
        QVERIFY(notesFrom(ends, sandbox, snapshot) == notes);
        std::reverse(ends.begin(), ends.end());
        QVERIFY(notesFrom(ends, sandbox, snapshot) == notes);
    }

    void namesOfOthersSayNothing_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("another snapshot's") << u"sandglass-trash:sb-web-snap-one2"_s;
        QTest::newRow("another repository") << u"team/sandglass-trash:sb-web-snap-one"_s;
        QTest::newRow("its own") << snapshotReference(sandbox, snapshot);
        QTest::newRow("no number") << u"sandglass-ttl:sb-web-snap-one.long"_s;
        QTest::newRow("a negative number") << u"sandglass-ttl:sb-web-snap-one.-1"_s;
        QTest::newRow("too large a number")
            << u"sandglass-ttl:sb-web-snap-one.9223372036854775808"_s;
        QTest::newRow("without a number") << u"sandglass-ttl:sb-web-snap-one"_s;
    }
    void namesOfOthersSayNothing()
    {
        QFETCH(QString, name);
        QVERIFY(notesFrom({name}, sandbox, snapshot) == ImageNotes());
    }
};

QTEST_GUILESS_MAIN(ImageNotesTest)
#include "tst_imagenotes.moc"
