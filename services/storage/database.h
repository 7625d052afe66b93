#pragma once

#include "services/core/clock.h"
#include "services/storage/session.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <type_traits>

namespace sandglass {

/// The store: one SQLite file (WAL, foreign keys, full sync), a connection per thread, one writer
/// at a time. Any thread. Outlives everybody who uses it.
class Database
{
    class ConnectionTable;

public:
    /// Opens or creates the file (mode 0600, its folder 0700), checks it, and brings its schema up
    /// to date, after a copy. Waits for some seconds for another program that keeps it locked.
    /// UnsupportedVersion for a newer schema, StorageLocked, StorageReadOnly, StorageDamaged,
    /// StorageFull, Storage for another program's; a refused file is left as it was.
    [[nodiscard]] static Result<std::unique_ptr<Database>>
    open(const QString &file, const Clock &clock);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    [[nodiscard]] const QString &file() const { return m_file; }

    /// Whether all of it was checked when it was opened. Of a large one only its length and the
    /// states of its rows were: then call check() on a worker thread.
    [[nodiscard]] bool isChecked() const { return m_isChecked; }

    /// StorageDamaged with the first thing that is wrong; see checkDatabase().
    [[nodiscard]] Done check();

    /// Runs `work(Session &) -> Result<T>` outside a transaction of our own.
    template <class Work> auto read(Work work) -> std::invoke_result_t<Work, Session &>
    {
        SANDGLASS_TRY(const Connection connection, threadConnection());
        Session session(connection.database, m_clock.now(), connection.statements);
        return work(session);
    }

    /// Runs `work(Session &) -> Result<T>` in one transaction: committed when it gives a value,
    /// undone when it gives an error. Waits for other writers, up to some seconds. Must not be
    /// nested.
    template <class Work> auto write(Work work) -> std::invoke_result_t<Work, Session &>
    {
        const std::unique_lock lock(m_writer);
        SANDGLASS_TRY(const Connection connection, threadConnection());
        Session session(connection.database, m_clock.now(), connection.statements);
        SANDGLASS_CHECK(session.run(QStringLiteral("BEGIN IMMEDIATE")));
        auto result = work(session);
        if (!result) {
            rollBack(session);
            return result;
        }
        if (const auto committed = session.run(QStringLiteral("COMMIT")); !committed) {
            rollBack(session);
            return failure(committed.error());
        }
        notifyCommitted();
        return result;
    }

    /// Calls back after every commit of this process, on the committing thread, for as long as the
    /// returned key is not given to removeListener. The callback must be short and must not use the
    /// database.
    [[nodiscard]] int addCommitListener(std::function<void()> listener);
    void removeCommitListener(int key);

private:
    Database(QString file, const Clock &clock, bool isChecked);
    struct Connection
    {
        QSqlDatabase database;
        StatementCache *statements; ///< outlives whatever this thread does
    };
    [[nodiscard]] Result<Connection> threadConnection();
    static void rollBack(Session &session);
    void notifyCommitted();

    QString m_file;
    const Clock &m_clock;
    bool m_isChecked;
    std::mutex m_writer;
    std::shared_ptr<ConnectionTable> m_connections;
    std::mutex m_listenersMutex;
    std::map<int, std::function<void()>> m_listeners;
    int m_nextListener = 1;
};

} // namespace sandglass
