#include "services/usecases/snapshotremoval.h"

#include "services/operations/journal.h"
#include "services/storage/auditlog.h"
#include "services/storage/operationrepository.h"
#include "services/storage/snapshotrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<OperationId>
beginRemoval(Session &session, Snapshot &snapshot, const Caller &caller, const QString &reason)
{
    Operation operation =
        newOperation(OperationKind::DeleteSnapshot, snapshot.namespaceName, caller, session.now());
    operation.engine = snapshot.engine;
    operation.snapshot = snapshot.id;
    operation.inputs = {{u"dismissal"_s, snapshot.status == SnapshotStatus::Failed}};

    snapshot.trashedUntil.reset();
    SANDGLASS_CHECK(SnapshotRepository(session).apply(snapshot, SnapshotEvent::DeletionAsked));
    SANDGLASS_CHECK(OperationRepository(session).cancelTransfers(snapshot.id));
    SANDGLASS_CHECK(journal(session, operation, snapshot.id.text(), {}, reason));
    return operation.id;
}

Done moveToTrash(
    Session &session,
    Snapshot &snapshot,
    qint64 seconds,
    const Caller &caller,
    const QString &reason)
{
    snapshot.trashedUntil = session.now() + std::chrono::seconds(seconds);
    SANDGLASS_CHECK(SnapshotRepository(session).apply(snapshot, SnapshotEvent::TrashAsked));
    return appendAudit(
        session,
        {caller, u"trash_snapshot"_s, snapshot.id.text(), u"for %1 s"_s.arg(seconds), reason});
}

Done refusePinned(const Snapshot &snapshot, Timestamp now)
{
    if (!snapshot.pin || !snapshot.pin->holds(now))
        return {};
    return failure(
        ErrorKind::Conflict,
        u"snapshot %1 is pinned by %2 (%3); take the pin away first"_s.arg(
            snapshot.id.text(), snapshot.pin->by, snapshot.pin->reason));
}

} // namespace sandglass
