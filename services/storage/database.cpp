#include "services/storage/database.h"

#include "services/core/logging.h"
#include "services/storage/databasecheck.h"
#include "services/storage/databasecopy.h"
#include "services/storage/migrations.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlError>

#include <atomic>
#include <thread>
#include <vector>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int busyTimeoutMilliseconds = 5'000;
/// Larger ones are checked while the program runs: this much takes about 50 ms.
constexpr qint64 mostBytesCheckedAtStart = 8 * 1024 * 1024;
constexpr auto othersRights = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
    | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;

Result<QSqlDatabase>
openConnection(const QString &file, const QString &name, const QString &options = {})
{
    QSqlDatabase connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
    connection.setDatabaseName(file);
    connection.setConnectOptions(
        u"QSQLITE_BUSY_TIMEOUT=%1;%2"_s.arg(busyTimeoutMilliseconds).arg(options));
    if (!connection.open())
        return failure(storageError(connection.lastError(), u"open it"_s, file));
    return connection;
}

/// As everybody works with it.
Result<QSqlDatabase> openForWork(const QString &file, const QString &name)
{
    SANDGLASS_TRY(QSqlDatabase connection, openConnection(file, name));
    for (const QString &pragma :
         {u"PRAGMA journal_mode = WAL"_s,
          u"PRAGMA foreign_keys = ON"_s,
          u"PRAGMA synchronous = FULL"_s})
        SANDGLASS_CHECK(Session(connection, {}).run(pragma));
    return connection;
}

/// By its mode, too: nobody makes a file read-only by mistake, and root could write it all the
/// same.
Done checkWritable(const QString &path, const QString &what)
{
    const QFileInfo info(path);
    if (info.isWritable() && info.permission(QFile::WriteOwner))
        return {};
    return failure(
        Error{ErrorKind::StorageReadOnly, u"the %1 is read-only"_s.arg(what), path, {}, 0});
}

/// Takes away what others may do; gives nobody more.
Done makePrivate(const QString &path)
{
    const QFile::Permissions present = QFile::permissions(path);
    if (!(present & othersRights) || QFile::setPermissions(path, present & ~othersRights))
        return {};
    return failure(Error{
        ErrorKind::Storage,
        u"others may read it, and that cannot be changed; who owns it?"_s,
        path,
        {},
        0});
}

/// Creates what is missing with modes for the owner only; the file first, so that SQLite gives its
/// companions its mode.
Done prepareFile(const QString &file)
{
    const QString folder = QFileInfo(file).absolutePath();
    const auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner;
    if (!QDir(folder).exists()
        && (!QDir().mkpath(folder) || !QFile::setPermissions(folder, ownerOnly | QFile::ExeOwner)))
        return failure(ErrorKind::Storage, u"the folder %1 cannot be made"_s.arg(folder));
    SANDGLASS_CHECK(checkWritable(folder, u"folder"_s));
    SANDGLASS_CHECK(makePrivate(folder));
    QFile created(file);
    if (!created.exists() && !created.open(QIODevice::WriteOnly | QIODevice::NewOnly, ownerOnly))
        return failure(
            ErrorKind::Storage, u"%1 cannot be made: %2"_s.arg(file, created.errorString()));
    SANDGLASS_CHECK(checkWritable(file, u"file"_s));
    return makePrivate(file);
}

Error inFile(Error error, const QString &file)
{
    error.origin = file;
    return error;
}

/// Looks at a file that is there already before anything is written to it, and tells whether all of
/// it was checked.
Result<bool> inspect(const QString &file, const QList<Migration> &migrations)
{
    const qint64 size = QFileInfo(file).size();
    if (size == 0)
        return true;
    const QString name = u"sandglass-inspection-"_s + file;
    const auto inspected = [&]() -> Result<bool> {
        SANDGLASS_TRY(
            QSqlDatabase connection, openConnection(file, name, u"QSQLITE_OPEN_READONLY"_s));
        SANDGLASS_CHECK(checkSchema(connection, migrations));
        Session session(connection, {});
        const bool isSmall = size <= mostBytesCheckedAtStart;
        const Done checked = isSmall ? checkDatabase(session) : checkDatabaseQuickly(session);
        if (!checked)
            return failure(inFile(checked.error(), file));
        return isSmall;
    }();
    QSqlDatabase::removeDatabase(name);
    if (inspected || inspected.error().kind != ErrorKind::StorageDamaged)
        return inspected;
    Error error = inspected.error();
    error.detail += u"; nothing in it was changed"_s;
    return failure(error);
}

} // namespace

/// The open connections by thread. Shared with the threads, so that one that ends closes its own.
class Database::ConnectionTable : public std::enable_shared_from_this<ConnectionTable>
{
public:
    explicit ConnectionTable(QString file)
        : m_file(std::move(file))
    { }

    Result<Connection> ofThisThread();

    /// Waits for a thread that is closing its own right now: those of a pool do that when the pool
    /// is gone already.
    void closeAll()
    {
        const std::lock_guard lock(m_mutex);
        while (!m_connections.empty())
            close(m_connections.begin());
    }

private:
    struct Named
    {
        QString name;
        StatementCache statements;
    };
    struct ThreadEnd
    {
        std::vector<std::weak_ptr<ConnectionTable>> tables;
        ~ThreadEnd()
        {
            for (const auto &weak : tables) {
                if (const auto table = weak.lock())
                    table->close(std::this_thread::get_id());
            }
        }
    };

    void close(std::thread::id thread)
    {
        const std::lock_guard lock(m_mutex);
        if (const auto it = m_connections.find(thread); it != m_connections.end())
            close(it);
    }

    void close(std::map<std::thread::id, Named>::iterator connection)
    {
        const QString name = connection->second.name;
        m_connections.erase(connection); // its statements go before it
        QSqlDatabase::removeDatabase(name);
    }

    QString m_file;
    std::mutex m_mutex;
    std::map<std::thread::id, Named> m_connections;
};

Result<Database::Connection> Database::ConnectionTable::ofThisThread()
{
    static std::atomic<int> number = 0;
    static thread_local ThreadEnd threadEnd;

    const std::lock_guard lock(m_mutex);
    const auto thread = std::this_thread::get_id();
    if (const auto it = m_connections.find(thread); it != m_connections.end()) {
        return Connection{QSqlDatabase::database(it->second.name, false), &it->second.statements};
    }
    const QString name = u"sandglass-%1"_s.arg(++number);
    auto connection = openForWork(m_file, name);
    if (!connection) {
        const Error error = connection.error();
        QSqlDatabase::removeDatabase(name);
        return failure(error);
    }
    Named &named = m_connections[thread];
    named.name = name;
    threadEnd.tables.push_back(weak_from_this());
    return Connection{*connection, &named.statements};
}

Database::Database(QString file, const Clock &clock, bool isChecked)
    : m_file(std::move(file))
    , m_clock(clock)
    , m_isChecked(isChecked)
    , m_connections(std::make_shared<ConnectionTable>(m_file))
{ }

Database::~Database()
{
    m_connections->closeAll();
}

Result<std::unique_ptr<Database>> Database::open(const QString &file, const Clock &clock)
{
    SANDGLASS_CHECK(prepareFile(file));
    SANDGLASS_TRY(const QList<Migration> migrations, bundledMigrations());
    SANDGLASS_TRY(const bool isChecked, inspect(file, migrations));
    std::unique_ptr<Database> database(new Database(file, clock, isChecked));
    SANDGLASS_TRY(Connection connection, database->threadConnection());
    SANDGLASS_TRY(const int present, schemaVersion(connection.database));
    if (present > 0 && present < migrations.last().version)
        SANDGLASS_CHECK(copyBeforeMigration(connection.database, present, clock.now()));
    SANDGLASS_CHECK(migrate(connection.database, migrations));
    return database;
}

Done Database::check()
{
    const Done checked = read([](Session &session) { return checkDatabase(session); });
    return checked ? checked : failure(inFile(checked.error(), m_file));
}

Result<Database::Connection> Database::threadConnection()
{
    return m_connections->ofThisThread();
}

void Database::rollBack(Session &session)
{
    if (const auto undone = session.run(u"ROLLBACK"_s); !undone)
        qCWarning(storageLog) << "rollback:" << undone.error().summary();
}

int Database::addCommitListener(std::function<void()> listener)
{
    const std::lock_guard lock(m_listenersMutex);
    m_listeners.emplace(m_nextListener, std::move(listener));
    return m_nextListener++;
}

void Database::removeCommitListener(int key)
{
    const std::lock_guard lock(m_listenersMutex);
    m_listeners.erase(key);
}

void Database::notifyCommitted()
{
    const std::lock_guard lock(m_listenersMutex);
    for (const auto &[key, listener] : m_listeners)
        listener();
}

} // namespace sandglass
