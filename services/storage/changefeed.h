#pragma once

#include "services/domain/change.h"

#include <QList>
#include <QObject>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace sandglass {

class Database;

/// Follows the `changes` table and tells of what is new, whoever wrote it: this process within
/// milliseconds, another one within half a second. Lives on the main thread; reads on a thread of
/// its own.
class ChangeFeed : public QObject
{
    Q_OBJECT
public:
    /// Tells of changes committed after construction.
    explicit ChangeFeed(Database &database, QObject *parent = nullptr);
    ~ChangeFeed() override;

Q_SIGNALS:
    /// In order of seq, each change once; several changes of one object in one batch are told once.
    /// On the main thread.
    void changed(const QList<sandglass::Change> &changes);

private:
    void follow();
    void wake();

    Database &m_database;
    std::mutex m_mutex;
    std::condition_variable m_woken;
    bool m_isWoken = false;
    bool m_stopping = false;
    qint64 m_last = 0; // seq of the newest change that was told; the thread's own once it runs
    int m_listener = 0;
    std::thread m_thread; // last: it uses all of the above
};

} // namespace sandglass
