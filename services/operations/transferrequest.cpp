#include "services/operations/transferrequest.h"

#include "services/operations/journal.h"
#include "services/storage/operationrepository.h"
#include "services/storage/snapshotrepository.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Where it goes to.
QString placeOf(const Operation &transfer)
{
    return transfer.kind == OperationKind::PushSnapshot ? transfer.inputs["registry"_L1].toString()
                                                        : transfer.engine.text();
}

Result<bool> isUnderWay(Session &session, const Operation &transfer)
{
    SANDGLASS_TRY(const QList<Operation> unfinished, OperationRepository(session).unfinished());
    return std::any_of(
        unfinished.begin(), unfinished.end(), [&transfer](const Operation &operation) {
            return operation.kind == transfer.kind && operation.snapshot == transfer.snapshot
                && placeOf(operation) == placeOf(transfer);
        });
}

/// A place that has it goes on saying so.
Done reserve(
    Session &session,
    const Snapshot &snapshot,
    const Operation &transfer,
    LocationKind kind,
    const QString &reference)
{
    const QString place = placeOf(transfer);
    const Location *known = locationAt(snapshot, kind, place);
    Location location = known != nullptr ? *known : Location();
    SANDGLASS_TRY(const bool repeated, isUnderWay(session, transfer));
    if (repeated || location.state == LocationState::Uploading) {
        return failure(
            ErrorKind::Conflict,
            u"snapshot %1 is on its way to %2 already"_s.arg(snapshot.id.text(), place));
    }
    if (isPresentAt(snapshot, kind, place))
        return {};
    location.snapshot = snapshot.id;
    location.kind = kind;
    location.place = place;
    location.state = LocationState::Uploading;
    location.imageReference = reference;
    location.error.clear();
    location.changedAt = session.now();
    return SnapshotRepository(session).saveLocation(location);
}

Operation transferOf(
    OperationKind kind,
    const Session &session,
    const Snapshot &snapshot,
    const EngineName &engine,
    const Caller &caller)
{
    Operation operation = newOperation(kind, snapshot.namespaceName, caller, session.now());
    operation.engine = engine;
    operation.snapshot = snapshot.id;
    return operation;
}

} // namespace

Result<OperationId> requestPush(
    Session &session,
    const Snapshot &snapshot,
    const EngineName &from,
    const Registry &registry,
    const Caller &caller,
    const IdempotencyKey &key)
{
    Operation operation = transferOf(OperationKind::PushSnapshot, session, snapshot, from, caller);
    operation.inputs = {{u"registry"_s, registry.name.text()}};
    SANDGLASS_CHECK(reserve(
        session,
        snapshot,
        operation,
        LocationKind::Registry,
        registryReference(registry, snapshot.sandbox, snapshot.id)));
    SANDGLASS_CHECK(journal(session, operation, snapshot.id.text(), key));
    return operation.id;
}

Result<OperationId> requestPull(
    Session &session,
    const Snapshot &snapshot,
    const EngineName &to,
    const Caller &caller,
    const IdempotencyKey &key)
{
    const Operation operation =
        transferOf(OperationKind::PullSnapshot, session, snapshot, to, caller);
    SANDGLASS_CHECK(
        reserve(session, snapshot, operation, LocationKind::Engine, snapshot.imageReference));
    SANDGLASS_CHECK(journal(session, operation, snapshot.id.text(), key));
    return operation.id;
}

} // namespace sandglass
