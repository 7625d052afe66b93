#include "services/docker/tararchive.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray run(const QString &program, const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished() || process.exitCode() != 0)
        qWarning() << process.readAllStandardError();
    return process.readAllStandardOutput();
}

} // namespace

class TarArchiveTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const QDir folder(m_folder.path());
        QFile file(folder.filePath(m_long));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("secret");
        QVERIFY(QFile::link(u"nowhere"_s, folder.filePath(u"link"_s)));
        QVERIFY(folder.mkdir(u"folder"_s));
    }

    void readsWhatTarWrites_data()
    {
        QTest::addColumn<QString>("format");
        QTest::newRow("gnu, with a long name") << u"gnu"_s;
        QTest::newRow("posix, with records") << u"pax"_s;
    }
    void readsWhatTarWrites()
    {
        QFETCH(QString, format);
        const QByteArray archive = packed(m_long, format);
        QCOMPARE(firstFileOf(archive, 100), QByteArray("secret"));
        QCOMPARE(firstFileOf(archive, 3), QByteArray("sec"));
        for (qsizetype size = 0; size < archive.size(); ++size) {
            const auto cut = firstFileOf(QByteArrayView(archive).first(size), 100);
            QVERIFY(!cut || QByteArray("secret").startsWith(*cut));
        }
    }

    void onlyRegularFilesHaveContent()
    {
        QCOMPARE(firstFileOf(packed(u"link"_s, u"gnu"_s), 100), std::nullopt);
        QCOMPARE(firstFileOf(packed(u"folder"_s, u"gnu"_s), 100), std::nullopt);
        QCOMPARE(firstFileOf(QByteArray(2048, 'x'), 100), std::nullopt);
        QCOMPARE(firstFileOf(QByteArray(1024, '\0'), 100), std::nullopt);
        QCOMPARE(firstFileOf({}, 100), std::nullopt);
    }

    void tarReadsWhatIsWritten()
    {
        const QByteArray big(1000, 'b');
        const QByteArray archive = tarArchiveOf({{"a.json", "[]"}, {"empty", ""}, {"big", big}});
        QCOMPARE(run(u"tar"_s, {u"-t"_s}, archive), QByteArray("a.json\nempty\nbig\n"));
        QCOMPARE(run(u"tar"_s, {u"-xO"_s, u"big"_s}, archive), big);
        QCOMPARE(firstFileOf(archive, 100), QByteArray("[]"));
    }

private:
    QByteArray packed(const QString &name, const QString &format)
    {
        return run(
            u"tar"_s, {u"--format"_s, format, u"-C"_s, m_folder.path(), u"-c"_s, u"--"_s, name});
    }

    QTemporaryDir m_folder;
    const QString m_long = u"name-"_s + QString(150, u'x');
};

QTEST_GUILESS_MAIN(TarArchiveTest)
#include "tst_tararchive.moc"
