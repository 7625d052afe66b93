#include "services/usecases/retentionservice.h"

#include "services/domain/snapshot.h"
#include "services/domain/ttl.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/snapshotrepository.h"
#include "services/usecases/snapshotlimit.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Does something to each of the snapshots, or to none.
template <class Work>
Done changeEach(
    Database &database,
    const NamespaceName &namespaceName,
    const QList<SnapshotId> &ids,
    SnapshotStatus status,
    Work work)
{
    if (ids.isEmpty())
        return failure(ErrorKind::InvalidArgument, u"no snapshot was named"_s);
    return database.write([&](Session &session) -> Done {
        for (const SnapshotId &id : ids) {
            SANDGLASS_TRY(Snapshot snapshot, SnapshotRepository(session).find(id));
            if (snapshot.namespaceName != namespaceName)
                return failure(ErrorKind::NotFound, u"snapshot %1"_s.arg(id.text()));
            if (snapshot.status != status) {
                return failure(
                    ErrorKind::Conflict,
                    u"snapshot %1 is \"%2\", not \"%3\""_s.arg(
                        id.text(), nameOf(snapshot.status), nameOf(status)));
            }
            SANDGLASS_CHECK(work(session, snapshot));
        }
        return {};
    });
}

/// With which it lives for its TTL once more from now; 0, never, when that is beyond the calendar.
qint64 ttlBegunAgain(const Snapshot &snapshot, Timestamp now)
{
    const auto age = std::chrono::ceil<std::chrono::seconds>(now - snapshot.createdAt).count();
    const qint64 ttl = snapshot.ttlSeconds + age;
    return expiryOf(snapshot.createdAt, ttl) ? ttl : 0;
}

QString ttlText(qint64 seconds)
{
    return seconds == 0 ? u"never expires"_s : u"%1 s"_s.arg(seconds);
}

} // namespace

RetentionService::RetentionService(Database &database, const Clock &clock)
    : m_database(database)
    , m_clock(clock)
{ }

Done RetentionService::changeTtl(
    const NamespaceName &namespaceName,
    const QList<SnapshotId> &snapshots,
    qint64 ttlSeconds,
    const Caller &caller)
{
    SANDGLASS_CHECK(validateTtl(ttlSeconds, m_clock.now()));
    return changeEach(
        m_database,
        namespaceName,
        snapshots,
        SnapshotStatus::Active,
        [&](Session &session, Snapshot &snapshot) -> Done {
            const qint64 before = snapshot.ttlSeconds;
            if (before == ttlSeconds)
                return {};
            snapshot.ttlSeconds = ttlSeconds;
            SANDGLASS_CHECK(SnapshotRepository(session).save(snapshot));
            return appendAudit(
                session,
                {caller,
                 u"change_ttl"_s,
                 snapshot.id.text(),
                 u"%1, before: %2"_s.arg(ttlText(ttlSeconds), ttlText(before)),
                 {}});
        });
}

Done RetentionService::pin(
    const NamespaceName &namespaceName,
    const QList<SnapshotId> &snapshots,
    const QString &reason,
    std::optional<Timestamp> until,
    const Caller &caller)
{
    if (reason.size() > longestNote) {
        return failure(
            ErrorKind::InvalidArgument,
            u"the reason is longer than %1 characters"_s.arg(longestNote));
    }
    if (until && *until <= m_clock.now())
        return failure(ErrorKind::InvalidArgument, u"the pin ends in the past"_s);
    return changeEach(
        m_database,
        namespaceName,
        snapshots,
        SnapshotStatus::Active,
        [&](Session &session, Snapshot &snapshot) -> Done {
            snapshot.pin = SnapshotPin{reason, caller.text(), until};
            SANDGLASS_CHECK(SnapshotRepository(session).save(snapshot));
            return appendAudit(
                session,
                {caller,
                 u"pin_snapshot"_s,
                 snapshot.id.text(),
                 until ? u"until %1"_s.arg(toMilliseconds(*until)) : u"for good"_s,
                 reason});
        });
}

Done RetentionService::unpin(
    const NamespaceName &namespaceName, const QList<SnapshotId> &snapshots, const Caller &caller)
{
    return changeEach(
        m_database,
        namespaceName,
        snapshots,
        SnapshotStatus::Active,
        [&](Session &session, Snapshot &snapshot) -> Done {
            if (!snapshot.pin)
                return {};
            snapshot.pin.reset();
            SANDGLASS_CHECK(SnapshotRepository(session).save(snapshot));
            return appendAudit(
                session, {caller, u"unpin_snapshot"_s, snapshot.id.text(), u"unpinned"_s, {}});
        });
}

Done RetentionService::takeBack(
    const NamespaceName &namespaceName, const QList<SnapshotId> &snapshots, const Caller &caller)
{
    return changeEach(
        m_database,
        namespaceName,
        snapshots,
        SnapshotStatus::Trashed,
        [&](Session &session, Snapshot &snapshot) -> Done {
            SANDGLASS_CHECK(checkSnapshotLimit(session, namespaceName));
            snapshot.trashedUntil.reset();
            if (isExpired(snapshot, session.now()))
                snapshot.ttlSeconds = ttlBegunAgain(snapshot, session.now());
            SANDGLASS_CHECK(SnapshotRepository(session).apply(snapshot, SnapshotEvent::TakenBack));
            return appendAudit(
                session, {caller, u"take_back_snapshot"_s, snapshot.id.text(), u"active"_s, {}});
        });
}

} // namespace sandglass
