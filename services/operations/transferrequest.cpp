#include "services/operations/transferrequest.h"

#include "services/operations/journal.h"
#include "services/storage/operationrepository.h"
#include "services/storage/snapshotrepository.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Done reserve(
    Session &session,
    const Snapshot &snapshot,
    LocationKind kind,
    const QString &place,
    const QString &reference)
{
    const auto known = std::find_if(
        snapshot.locations.begin(), snapshot.locations.end(), [&](const Location &location) {
            return location.kind == kind && location.place == place;
        });
    Location location;
    if (known != snapshot.locations.end())
        location = *known;
    if (known != snapshot.locations.end() && location.state == LocationState::Uploading) {
        return failure(
            ErrorKind::Conflict,
            u"snapshot %1 is on its way to %2 already"_s.arg(snapshot.id.text(), place));
    }
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
    const Caller &caller)
{
    Operation operation = transferOf(OperationKind::PushSnapshot, session, snapshot, from, caller);
    operation.inputs = {{u"registry"_s, registry.name.text()}};
    SANDGLASS_CHECK(reserve(
        session,
        snapshot,
        LocationKind::Registry,
        registry.name.text(),
        registryReference(registry, snapshot.sandbox, snapshot.id)));
    SANDGLASS_CHECK(journal(session, operation, snapshot.id.text()));
    return operation.id;
}

Result<OperationId>
requestPull(Session &session, const Snapshot &snapshot, const EngineName &to, const Caller &caller)
{
    const Operation operation =
        transferOf(OperationKind::PullSnapshot, session, snapshot, to, caller);
    SANDGLASS_CHECK(
        reserve(session, snapshot, LocationKind::Engine, to.text(), snapshot.imageReference));
    SANDGLASS_CHECK(journal(session, operation, snapshot.id.text()));
    return operation.id;
}

} // namespace sandglass
