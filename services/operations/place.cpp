#include "services/operations/place.h"

#include "services/storage/auditlog.h"
#include "services/storage/snapshotrepository.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Done saveIfActive(Session &session, const Location &location)
{
    SnapshotRepository snapshots(session);
    SANDGLASS_TRY(const Snapshot snapshot, snapshots.find(location.snapshot));
    if (snapshot.status != SnapshotStatus::Active) {
        return failure(
            ErrorKind::Conflict,
            u"snapshot %1 is \"%2\""_s.arg(snapshot.id.text(), nameOf(snapshot.status)));
    }
    return snapshots.saveLocation(location);
}

} // namespace

Done reservePlace(StepContext &context, const Location &place)
{
    return context.database.write([&](Session &session) {
        Location reserved = place;
        reserved.state = LocationState::Uploading;
        reserved.changedAt = session.now();
        return saveIfActive(session, reserved);
    });
}

Done settlePlace(
    Session &session, const Operation &operation, const Location &place, const QString &action)
{
    Location settled = place;
    settled.state = LocationState::Present;
    settled.changedAt = settled.checkedAt = session.now();
    SANDGLASS_CHECK(saveIfActive(session, settled));
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
    const auto it = std::find_if(
        snapshot->locations.begin(), snapshot->locations.end(), [&](const Location &location) {
            return location.kind == kind && location.place == place;
        });
    if (it == snapshot->locations.end() || it->state != LocationState::Uploading)
        return {};
    Location failed = *it;
    failed.state = LocationState::Failed;
    failed.error = reason;
    failed.changedAt = session.now();
    SANDGLASS_CHECK(snapshots.saveLocation(failed));
    return appendAudit(
        session,
        {operation.requestedBy,
         nameOf(operation.kind),
         operation.snapshot.text(),
         u"failed at %1 %2: %3"_s.arg(nameOf(kind), place, reason),
         {}});
}

} // namespace sandglass
