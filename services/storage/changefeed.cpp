#include "services/storage/changefeed.h"

#include "services/core/logging.h"
#include "services/storage/database.h"

#include <QSet>

#include <algorithm>
#include <chrono>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Other processes' commits are seen by polling a counter that SQLite keeps in shared memory; it
/// costs microseconds.
constexpr std::chrono::milliseconds pollInterval{300};
constexpr std::chrono::milliseconds gathering{20}; // one read for a burst of commits

Result<qint64> firstColumn(Database &database, const QString &sql)
{
    return database.read([&sql](Session &session) -> Result<qint64> {
        SANDGLASS_TRY(Query query, session.run(sql));
        return query.next() ? query.value(0).toLongLong() : 0;
    });
}

Result<QList<Change>> changesAfter(Database &database, qint64 seq)
{
    return database.read([seq](Session &session) -> Result<QList<Change>> {
        SANDGLASS_TRY(
            Query query,
            session.run(
                u"SELECT seq, subject, id, removed FROM changes WHERE seq > ? ORDER BY seq"_s,
                {seq}));
        QList<Change> changes;
        while (query.next()) {
            changes.append(
                {query.value(0).toLongLong(),
                 changeSubjectFrom(query.value(1).toString()),
                 query.value(2).toString(),
                 query.value(3).toBool()});
        }
        return changes;
    });
}

/// Keeps the last change of each object.
QList<Change> condensed(const QList<Change> &changes)
{
    QSet<std::pair<int, QString>> seen;
    QList<Change> kept;
    for (auto it = changes.rbegin(); it != changes.rend(); ++it) {
        const std::pair key{int(it->subject), it->id};
        if (!seen.contains(key)) {
            seen.insert(key);
            kept.append(*it);
        }
    }
    std::reverse(kept.begin(), kept.end());
    return kept;
}

} // namespace

ChangeFeed::ChangeFeed(Database &database, QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_last(firstColumn(database, u"SELECT max(seq) FROM changes"_s).value_or(0))
    , m_listener(database.addCommitListener([this] { wake(); }))
    , m_thread([this] { follow(); })
{ }

ChangeFeed::~ChangeFeed()
{
    m_database.removeCommitListener(m_listener);
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_woken.notify_one();
    m_thread.join();
}

void ChangeFeed::wake()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isWoken = true;
    }
    m_woken.notify_one();
}

void ChangeFeed::follow()
{
    qint64 seenVersion = -1;
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            m_woken.wait_for(lock, pollInterval, [this] { return m_isWoken || m_stopping; });
            if (m_isWoken)
                m_woken.wait_for(lock, gathering, [this] { return m_stopping; });
            if (m_stopping)
                return;
            m_isWoken = false;
        }
        const auto version = firstColumn(m_database, u"PRAGMA data_version"_s);
        if (version && *version == seenVersion)
            continue;
        const auto changes = changesAfter(m_database, m_last);
        if (!version || !changes) {
            qCWarning(storageLog) << "follow changes:"
                                  << (changes ? version.error() : changes.error()).summary();
            continue;
        }
        seenVersion = *version;
        if (!changes->isEmpty()) {
            m_last = changes->last().seq;
            Q_EMIT
            changed(condensed(*changes));
        }
    }
}

} // namespace sandglass
