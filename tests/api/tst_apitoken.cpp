#include "services/api/apitoken.h"

#include <QDir>
#include <QFile>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <thread>
#include <vector>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray goodToken = "0123456789abcdef0123456789abcdef";

void writeFile(const QString &path, const QByteArray &content, mode_t mode)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
}

} // namespace

class ApiTokenTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTokenIsMadeOnceAndKept()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"api-token"_s);
        const auto first = loadOrCreateApiToken(file);
        QVERIFY(first);
        QCOMPARE(first->reveal().size(), 43); // 32 bytes
        QVERIFY(!first->reveal().contains('+') && !first->reveal().contains('/'));
        struct stat facts
        { };
        QCOMPARE(::stat(QFile::encodeName(file).constData(), &facts), 0);
        QCOMPARE(facts.st_mode & 07777, mode_t(0600));
        const auto second = loadOrCreateApiToken(file);
        QVERIFY(second);
        QVERIFY(second->matches(first->reveal()));
        QCOMPARE(
            QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"api-token"_s});
        QVERIFY(!loadOrCreateApiToken(folder.filePath(u"other"_s))->matches(first->reveal()));
    }

    void programsThatStartAtOnceGetOneToken()
    {
        for (int round = 0; round < 20; ++round) {
            QTemporaryDir folder;
            const QString file = folder.filePath(u"api-token"_s);
            std::vector<QByteArray> tokens(8);
            std::vector<std::thread> threads;
            for (QByteArray &token : tokens) {
                threads.emplace_back([&file, &token] {
                    const auto loaded = loadOrCreateApiToken(file);
                    token = loaded ? loaded->reveal() : loaded.error().summary().toUtf8();
                });
            }
            for (std::thread &thread : threads)
                thread.join();
            QCOMPARE(tokens.front().size(), 43);
            QCOMPARE(QSet<QByteArray>(tokens.begin(), tokens.end()).size(), 1);
            QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
        }
    }

    void aBadTokenFileIsRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("good");
        QTest::newRow("good") << goodToken << 0600 << true;
        QTest::newRow("read only") << goodToken << 0400 << true;
        QTest::newRow("with a line end") << goodToken + '\n' << 0600 << true;
        QTest::newRow("group may read") << goodToken << 0640 << false;
        QTest::newRow("all may read") << goodToken << 0604 << false;
        QTest::newRow("all may write") << goodToken << 0602 << false;
        QTest::newRow("empty") << QByteArray() << 0600 << false;
        QTest::newRow("too short") << goodToken.left(31) << 0600 << false;
        QTest::newRow("two lines") << goodToken + '\n' + goodToken << 0600 << false;
        QTest::newRow("spaces") << QByteArray(40, ' ') << 0600 << false;
        QTest::newRow("not ASCII") << QByteArray(40, '\xff') << 0600 << false;
    }

    void aBadTokenFileIsRefused()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, mode);
        QFETCH(bool, good);
        QTemporaryDir folder;
        const QString file = folder.filePath(u"token"_s);
        writeFile(file, content, mode_t(mode));
        const auto token = loadOrCreateApiToken(file);
        QCOMPARE(bool(token), good);
        if (good) {
            QVERIFY(token->matches(goodToken));
        } else {
            QCOMPARE(token.error().origin, file);
            QVERIFY(
                content.size() < 32
                || !token.error().summary().toUtf8().contains(content.left(16)));
            QFile kept(file);
            QVERIFY(kept.open(QIODevice::ReadOnly));
            QCOMPARE(kept.readAll(), content);
        }
    }

    void aTokenPathThatIsNoFileIsRefused()
    {
        QTemporaryDir folder;
        QCOMPARE(loadOrCreateApiToken(folder.path()).error().kind, ErrorKind::InvalidArgument);
        QVERIFY(!loadOrCreateApiToken(folder.filePath(u"no/such/folder"_s)));
        const QString pipe = folder.filePath(u"pipe"_s);
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        QCOMPARE(
            loadOrCreateApiToken(pipe).error().kind,
            ErrorKind::InvalidArgument); // and does not wait
        const QString dangling = folder.filePath(u"dangling"_s);
        QVERIFY(QFile::link(folder.filePath(u"nothing"_s), dangling));
        QVERIFY(!loadOrCreateApiToken(dangling));
    }
};

QTEST_GUILESS_MAIN(ApiTokenTest)
#include "tst_apitoken.moc"
