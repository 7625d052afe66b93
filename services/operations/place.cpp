#include "services/operations/place.h"

#include "services/storage/auditlog.h"
#include "services/storage/snapshotrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<Snapshot> activeSnapshot(Session &session, const SnapshotId &id)
{
    SANDGLASS_TRY(Snapshot snapshot, SnapshotRepository(session).find(id));
    if (snapshot.status != SnapshotStatus::Active) {
        return failure(
            ErrorKind::Conflict,
            u"snapshot %1 is \"%2\""_s.arg(snapshot.id.text(), nameOf(snapshot.status)));
    }
    return snapshot;
}

} // namespace

Done reservePlace(StepContext &context, const Location &place)
{
    return context.database.write([&](Session &session) -> Done {
        SANDGLASS_TRY(const Snapshot snapshot, activeSnapshot(session, place.snapshot));
        if (isPresentAt(snapshot, place.kind, place.place))
            return {};
        Location reserved = place;
        reserved.state = LocationState::Uploading;
        reserved.changedAt = session.now();
        return SnapshotRepository(session).saveLocation(reserved);
    });
}

Done settlePlace(
    Session &session, const Operation &operation, const Location &place, const QString &action)
{
    Location settled = place;
    settled.state = LocationState::Present;
    settled.changedAt = settled.checkedAt = session.now();
    SANDGLASS_CHECK(activeSnapshot(session, settled.snapshot));
    SANDGLASS_CHECK(SnapshotRepository(session).saveLocation(settled));
    return appendAudit(
        session,
        {operation.requestedBy,
         action,
         settled.snapshot.text(),
         u"present at %1 %2"_s.arg(nameOf(settled.kind), settled.place),
         {}});
}

Done markPlaceFailed(
    Session &session,
    const Operation &operation,
    LocationKind kind,
    const QString &place,
    const QString &reason)
{
    SnapshotRepository snapshots(session);
    const auto snapshot = snapshots.find(operation.snapshot);
    if (!snapshot)
        return snapshot.error().kind == ErrorKind::NotFound ? Done() : failure(snapshot.error());
    const Location *known = locationAt(*snapshot, kind, place);
    if (known == nullptr)
        return {};
    Location after = *known;
    if (after.state == LocationState::Present && kind == LocationKind::Registry) {
        after.checkedAt = Timestamp();
    } else if (after.state == LocationState::Uploading) {
        after.state = LocationState::Failed;
        after.error = reason;
        after.changedAt = session.now();
    } else {
        return {};
    }
    SANDGLASS_CHECK(snapshots.saveLocation(after));
    return appendAudit(
        session,
        {operation.requestedBy,
         nameOf(operation.kind),
         operation.snapshot.text(),
         u"failed at %1 %2: %3"_s.arg(nameOf(kind), place, reason),
         {}});
}

} // namespace sandglass
