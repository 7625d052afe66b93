#include "services/operations/imagefetch.h"

#include "services/domain/caller.h"
#include "services/domain/imagereference.h"
#include "services/domain/restoreplan.h"
#include "services/operations/place.h"
#include "services/operations/registryaccess.h"
#include "services/operations/snapshotimage.h"
#include "services/operations/transferrecord.h"
#include "services/storage/auditlog.h"
#include "services/storage/registryrepository.h"
#include "services/storage/snapshotrepository.h"

#include <optional>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString pulledReference = u"pulled"_s; // "host/repository@digest"
const QString pulledDigest = u"pulled_digest"_s;

Result<Location> nearestCopy(StepContext &context, const Snapshot &snapshot)
{
    SANDGLASS_TRY(const QList<Registry> registries, context.database.read([](Session &session) {
        return RegistryRepository(session).list();
    }));
    const auto copy = nearestRegistryCopy(snapshot, registries);
    if (!copy) {
        return failure(
            ErrorKind::NotFound,
            u"the image of snapshot %1 is neither on engine %2 nor in a registry"_s.arg(
                snapshot.id.text(), context.operation.engine.text()));
    }
    return *copy;
}

Location placeOf(const StepContext &context, const Snapshot &snapshot)
{
    Location place;
    place.snapshot = snapshot.id;
    place.place = context.operation.engine.text();
    place.imageReference = snapshot.imageReference;
    return place;
}

/// As far as is written down.
bool isHere(const StepContext &context, const Snapshot &snapshot)
{
    return isPresentAt(snapshot, LocationKind::Engine, context.operation.engine.text());
}

Done pullFrom(StepContext &context, const Snapshot &snapshot, const Location &copy)
{
    const RegistryName name = RegistryName::trusted(copy.place);
    SANDGLASS_TRY(const OpenRegistry opened, context.registries.open(name, context.abort));
    SANDGLASS_CHECK(reservePlace(context, placeOf(context, snapshot)));
    const QString reference = digestReference(opened.registry, copy.digest);
    context.operation.memory.insert(pulledDigest, copy.digest);
    SANDGLASS_CHECK(context.remember(pulledReference, reference));
    TransferRecord record(context);
    const auto pulled =
        context.engine.pull(reference, opened.engineLogin(), record.listener(), context.abort);
    if (pulled)
        context.registries.note(name, {});
    else if (!pulled.error().remoteMessage.isEmpty()) // else it is the way to the engine
        context.registries.note(name, pulled.error());
    return pulled ? Done() : failure(pulled.error());
}

/// Others removed it there, so that the next registry is the nearest.
Done noteLoss(StepContext &context, const Location &copy)
{
    return context.database.write([&](Session &session) -> Done {
        Location missing = copy;
        missing.state = LocationState::Missing;
        missing.error = u"the registry does not have it any more"_s;
        missing.changedAt = missing.checkedAt = session.now();
        SANDGLASS_CHECK(SnapshotRepository(session).changeLocation(missing, copy.state));
        return appendAudit(
            session,
            {itself(u"pull"_s),
             u"see_location"_s,
             missing.snapshot.text(),
             u"%1 in registry %2"_s.arg(nameOf(missing.state), missing.place),
             {}});
    });
}

/// It has its name here now.
Done settleHere(StepContext &context, const Snapshot &snapshot)
{
    SANDGLASS_TRY(
        const ImageDetails image,
        context.engine.inspectImage(snapshot.imageReference, context.abort));
    Location place = placeOf(context, snapshot);
    place.imageId = image.id;
    place.digest = context.operation.memory[pulledDigest].toString();
    return context.database.write([&](Session &session) {
        return settlePlace(session, context.operation, place, u"pull_snapshot"_s);
    });
}

} // namespace

Done pullImage(StepContext &context)
{
    SANDGLASS_TRY(Snapshot snapshot, snapshotOf(context));
    SANDGLASS_TRY(
        const auto present,
        findSnapshotImage(context.engine, snapshot.imageReference, snapshot.id, context.abort));
    if (present)
        return {};
    std::optional<Error> lost;
    while (true) {
        const auto copy = nearestCopy(context, snapshot);
        if (!copy)
            return failure(lost.value_or(copy.error()));
        const Done pulled = pullFrom(context, snapshot, *copy);
        if (pulled || pulled.error().kind != ErrorKind::NotFound
            || pulled.error().remoteMessage.isEmpty())
            return pulled;
        lost = pulled.error();
        SANDGLASS_CHECK(noteLoss(context, *copy));
        SANDGLASS_TRY(snapshot, snapshotOf(context));
    }
}

Done nameFetchedImage(StepContext &context)
{
    const QString reference = context.operation.memory[pulledReference].toString();
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    if (reference.isEmpty()) { // there was nothing to pull
        const bool isAwaited =
            context.operation.kind == OperationKind::PullSnapshot && !isHere(context, snapshot);
        return isAwaited ? settleHere(context, snapshot) : Done();
    }
    const auto pulled = context.engine.inspectImage(reference, context.abort);
    if (pulled) {
        if (pulled->labels.value(label::snapshotId) != snapshot.id.text()) {
            return failure(
                ErrorKind::Registry,
                u"%1 is not the image of snapshot %2; somebody put another one in its place"_s.arg(
                    reference, snapshot.id.text()));
        }
        SANDGLASS_CHECK(context.engine.tagImage(
            reference,
            snapshotRepository,
            snapshotTag(snapshot.sandbox, snapshot.id),
            context.interrupt));
        SANDGLASS_CHECK(removeImageName(context.engine, reference, context.abort));
    } else if (pulled.error().kind != ErrorKind::NotFound) { // else it was named before
        return failure(pulled.error());
    }
    return settleHere(context, snapshot);
}

Done markFetchFailed(Session &session, const Operation &operation, const QString &reason)
{
    return markPlaceFailed(
        session, operation, LocationKind::Engine, operation.engine.text(), reason);
}

Done dropFetchedImage(StepContext &context)
{
    const QString reference = context.operation.memory[pulledReference].toString();
    if (reference.isEmpty())
        return {};
    SANDGLASS_CHECK(removeImageName(context.engine, reference, context.abort));
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    SANDGLASS_TRY(
        const auto named,
        findSnapshotImage(context.engine, snapshot.imageReference, snapshot.id, context.abort));
    if (!named || isHere(context, snapshot))
        return {};
    return removeImageName(context.engine, snapshot.imageReference, context.abort);
}

} // namespace sandglass
