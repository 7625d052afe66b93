#include "services/core/errorsentence.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/migrations.h"
#include "services/storage/operationrepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "tests/support/fakeclock.h"

#include <QDir>
#include <QProcess>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

Done fill(Session &session)
{
    Engine engine;
    engine.name = EngineName::trusted(u"a"_s);
    engine.address = u"unix:///run/a.sock"_s;
    SANDGLASS_CHECK(EngineRepository(session).insert(engine));
    Sandbox sandbox;
    sandbox.id = SandboxId::trusted(u"sb-1"_s);
    sandbox.namespaceName = NamespaceName::trusted(u"default"_s);
    sandbox.engine = engine.name;
    SANDGLASS_CHECK(SandboxRepository(session).insert(sandbox));
    for (int i = 0; i < 300; ++i) {
        Snapshot snapshot;
        snapshot.id = SnapshotId::trusted(u"snap-%1"_s.arg(i));
        snapshot.sandbox = sandbox.id;
        snapshot.namespaceName = sandbox.namespaceName;
        snapshot.engine = engine.name;
        snapshot.note = QString(500, u'x');
        snapshot.imageReference = u"sandglass-snapshots:x"_s;
        SANDGLASS_CHECK(SnapshotRepository(session).insert(snapshot));
        Location location;
        location.snapshot = snapshot.id;
        location.place = engine.name.text();
        SANDGLASS_CHECK(SnapshotRepository(session).saveLocation(location));
    }
    Operation operation;
    operation.id = OperationId::trusted(u"op-1"_s);
    operation.namespaceName = sandbox.namespaceName;
    operation.engine = engine.name;
    return OperationRepository(session).insert(operation);
}

} // namespace

/// Databases as they should not be: each is refused in its own words, and left as it was.
class BadDatabaseTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->filePath(u"data/sandglass.db"_s);
        const auto database = Database::open(m_file, m_clock);
        QVERIFY2(database, database ? "" : qPrintable(database.error().summary()));
        QVERIFY((*database)->write(fill));
    }

    void aSoundOneIsCheckedAndOpened()
    {
        const auto database = Database::open(m_file, m_clock);
        QVERIFY(database);
        QVERIFY((*database)->isChecked());
        QVERIFY((*database)->check());
    }

    void rowsEditedByHandAreNamed_data()
    {
        QTest::addColumn<QString>("edit");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *name, const QString &edit, const QString &named) {
            QTest::newRow(name) << edit << named;
        };
        row("status",
            u"UPDATE snapshots SET status = 'gone' WHERE id = 'snap-7'"_s,
            u"snap-7 in the table snapshots has the unknown status \"gone\""_s);
        row("no status", u"UPDATE sandboxes SET status = ''"_s, u"sb-1"_s);
        row("engine", u"UPDATE engines SET state = 'odd'"_s, u"\"odd\""_s);
        row("kind", u"UPDATE operations SET kind = 'erase'"_s, u"unknown kind \"erase\""_s);
        row("state", u"UPDATE operations SET state = 'stuck'"_s, u"op-1"_s);
        row("place", u"UPDATE locations SET state = 'x' WHERE snapshot = 'snap-9'"_s, u"snap-9"_s);
        row("config", u"UPDATE snapshots SET config = '{' WHERE id = 'snap-3'"_s, u"snap-3"_s);
        row("sandbox's config", u"UPDATE sandboxes SET config = ''"_s, u"sb-1"_s);
        row("inputs", u"UPDATE operations SET inputs = 'none'"_s, u"op-1"_s);
        row("time", u"UPDATE snapshots SET created_at = 'now' WHERE id = 'snap-3'"_s, u"snap-3"_s);
        row("TTL", u"UPDATE snapshots SET ttl_secs = -1 WHERE id = 'snap-3'"_s, u"snap-3"_s);
        row("orphan",
            u"UPDATE snapshots SET sandbox = 'sb-2' WHERE id = 'snap-1'"_s,
            u"sandboxes"_s);
    }

    void rowsEditedByHandAreNamed()
    {
        QFETCH(QString, edit);
        QFETCH(QString, named);
        plainly(edit);
        const Error error = refused();
        QCOMPARE(error.kind, ErrorKind::StorageDamaged);
        QVERIFY2(error.detail.contains(named), qPrintable(error.detail));
        QVERIFY(sentenceFor(error).text().contains(m_file));
    }

    /// What is edited while a program runs is refused when it is read.
    void rowsEditedMeanwhileAreNamedWhenTheyAreRead()
    {
        const auto database = Database::open(m_file, m_clock).value();
        plainly(u"UPDATE sandboxes SET status = 'gone'"_s);
        const auto sandboxes =
            database->read([](Session &session) { return SandboxRepository(session).list({}); });
        QCOMPARE(sandboxes.error().kind, ErrorKind::StorageDamaged);
        QVERIFY(sandboxes.error().detail.contains(u"sb-1 has the unknown status \"gone\""_s));
        plainly(u"UPDATE operations SET kind = 'erase'"_s);
        const auto operations = database->read(
            [](Session &session) { return OperationRepository(session).unfinished(); });
        QCOMPARE(operations.error().kind, ErrorKind::StorageDamaged);
        QCOMPARE(database->check().error().kind, ErrorKind::StorageDamaged);
    }

    /// Nobody waits for the whole check of a large one at the start.
    void aLargeOneIsCheckedLater()
    {
        plainly(u"UPDATE snapshots SET note = hex(zeroblob(30000)), config = 'gone'"_s);
        const auto database = Database::open(m_file, m_clock);
        QVERIFY2(database, database ? "" : qPrintable(database.error().summary()));
        QVERIFY(!(*database)->isChecked());
        const Done checked = (*database)->check();
        QCOMPARE(checked.error().kind, ErrorKind::StorageDamaged);
        QCOMPARE(checked.error().origin, m_file);
        QVERIFY(!checked.error().detail.contains("was changed"_L1)); // it was in use
    }

    void theStatesInALargeOneAreCheckedAtOnce()
    {
        plainly(u"UPDATE snapshots SET note = hex(zeroblob(30000)), status = 'gone'"_s);
        QVERIFY(refused().detail.contains("unknown status"_L1));
    }

    void oneThatIsCutInHalf()
    {
        QFile file(m_file);
        QVERIFY(file.resize(file.size() / 2));
        QCOMPARE(refused().kind, ErrorKind::StorageDamaged);
    }

    void oneWithAPageOfNoise()
    {
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(file.size() / 2 / 4096 * 4096));
        file.write(QByteArray(4096, '\x5a'));
        file.close();
        QCOMPARE(refused().kind, ErrorKind::StorageDamaged);
    }

    void whatIsNoDatabase()
    {
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(QByteArray("not a database ").repeated(100));
        file.close();
        QCOMPARE(refused().kind, ErrorKind::StorageDamaged);
    }

    void oneOfAnotherProgram()
    {
        QVERIFY(QFile::remove(m_file));
        plainly(u"CREATE TABLE recipes (title TEXT)"_s);
        const Error error = refused();
        QCOMPARE(error.kind, ErrorKind::Storage);
        QVERIFY2(error.detail.contains(u"another program"_s), qPrintable(error.detail));
        plainly(u"PRAGMA user_version = 2"_s);
        QCOMPARE(refused().kind, ErrorKind::Storage);
    }

    void oneOfANewerVersion()
    {
        plainly(u"PRAGMA user_version = 1000"_s);
        const Error error = refused();
        QCOMPARE(error.kind, ErrorKind::UnsupportedVersion);
        QVERIFY(error.detail.contains(u"1000"_s));
    }

    void oneThatAnotherProgramLocks()
    {
        QSqlDatabase other = plain();
        QSqlQuery query(other);
        QVERIFY(query.exec(u"PRAGMA locking_mode = EXCLUSIVE"_s));
        QVERIFY(query.exec(u"BEGIN EXCLUSIVE"_s));
        const auto opened = Database::open(m_file, m_clock);
        QVERIFY(!opened);
        QCOMPARE(opened.error().kind, ErrorKind::StorageLocked);
    }

    void aReadOnlyFile()
    {
        QVERIFY(QFile::setPermissions(m_file, QFile::ReadOwner));
        const Error error = refused();
        QCOMPARE(error.kind, ErrorKind::StorageReadOnly);
        QCOMPARE(error.origin, m_file);
        QVERIFY(!QFileInfo(m_file).permission(QFile::WriteOwner));
    }

    void aReadOnlyFolder()
    {
        const QString folder = QFileInfo(m_file).path();
        QVERIFY(QFile::setPermissions(folder, QFile::ReadOwner | QFile::ExeOwner));
        const Error error = refused();
        QVERIFY(
            QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QCOMPARE(error.kind, ErrorKind::StorageReadOnly);
        QCOMPARE(error.origin, folder);
    }

    void aFullDisk()
    {
        if (::geteuid() != 0)
            QSKIP("only root can mount a small disk");
        const QString folder = m_folder->filePath(u"small"_s);
        QVERIFY(QDir().mkpath(folder));
        const auto run = [](const QString &program, const QStringList &arguments) {
            return QProcess::execute(program, arguments) == 0;
        };
        QVERIFY(run(u"mount"_s, {u"-t"_s, u"tmpfs"_s, u"-o"_s, u"size=512k"_s, u"none"_s, folder}));
        const QString file = folder + u"/data/sandglass.db"_s;
        Error atWrite;
        Error atOpen;
        {
            const auto database = Database::open(file, m_clock);
            QVERIFY2(database, database ? "" : qPrintable(database.error().summary()));
            atWrite = (*database)->write(fill).error();
            QVERIFY((*database)->read([](Session &session) -> Done {
                SANDGLASS_CHECK(EngineRepository(session).list());
                return {};
            }));
        }
        QVERIFY(QDir(folder + u"/data"_s).removeRecursively());
        QFile filler(folder + u"/filler"_s);
        QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        filler.write(QByteArray(512 * 1024, 'x'));
        filler.close();
        if (const auto refusedOne = Database::open(file, m_clock); !refusedOne)
            atOpen = refusedOne.error();
        QVERIFY(run(u"umount"_s, {folder}));
        QCOMPARE(atWrite.kind, ErrorKind::StorageFull);
        QVERIFY2(atOpen.kind == ErrorKind::StorageFull, qPrintable(atOpen.summary()));
    }

    void aCopyIsMadeBeforeEachMigration()
    {
        const QString old = m_folder->filePath(u"old/sandglass.db"_s);
        QDir().mkpath(QFileInfo(old).path());
        for (int start = 0; start < 7; ++start) {
            QFile::remove(old);
            {
                QSqlDatabase connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"old"_s);
                connection.setDatabaseName(old);
                QVERIFY(connection.open());
                QVERIFY(migrate(connection, bundledMigrations()->mid(0, 1)));
                QSqlQuery query(connection);
                QVERIFY(query.exec(u"INSERT INTO namespaces VALUES ('start%1', 0)"_s.arg(start)));
            }
            QSqlDatabase::removeDatabase(u"old"_s);
            m_clock.advance(std::chrono::seconds(1));
            const auto database = Database::open(old, m_clock);
            QVERIFY2(database, database ? "" : qPrintable(database.error().summary()));
        }
        const QFileInfoList copies = QFileInfo(old).dir().entryInfoList(
            {u"sandglass.db.schema-1.*"_s}, QDir::Files, QDir::Name);
        QCOMPARE(copies.size(), 5);
        const QString newest = copies.last().filePath();
        QVERIFY2(newest.endsWith(u".20231114T221327Z"_s), qPrintable(newest));
        QCOMPARE(int(QFile::permissions(newest) & 0x0077), 0);
        {
            QSqlDatabase copy = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"copy"_s);
            copy.setDatabaseName(newest);
            QVERIFY(copy.open());
            QCOMPARE(schemaVersion(copy).value(), 1);
            QSqlQuery query(copy);
            QVERIFY(query.exec(u"SELECT name FROM namespaces"_s) && query.next());
            QCOMPARE(query.value(0).toString(), u"start6"_s);
        }
        QSqlDatabase::removeDatabase(u"copy"_s);
    }

private:
    QSqlDatabase plain()
    {
        QSqlDatabase connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"plain"_s);
        connection.setDatabaseName(m_file);
        if (!connection.open())
            qFatal("the database cannot be opened");
        return connection;
    }

    /// As with a tool for databases.
    void plainly(const QString &statement)
    {
        {
            QSqlDatabase connection = plain();
            QSqlQuery query(connection);
            if (!query.exec(statement))
                qFatal("%s", qPrintable(statement));
        }
        QSqlDatabase::removeDatabase(u"plain"_s);
    }

    QByteArray bytes() const
    {
        QFile file(m_file);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    /// The error of opening; the file is as it was.
    Error refused()
    {
        const QByteArray before = bytes();
        const auto opened = Database::open(m_file, m_clock);
        if (opened || bytes() != before)
            return {ErrorKind::Internal, u"it was opened or changed"_s, {}, {}, 0};
        return opened.error();
    }

    FakeClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
};

QTEST_GUILESS_MAIN(BadDatabaseTest)
#include "tst_baddatabase.moc"
