#include "services/core/errorsentence.h"
#include "services/domain/imagenotes.h"
#include "services/operations/engineconnections.h"
#include "services/operations/registryaccess.h"
#include "services/operations/registryremoval.h"
#include "services/operations/snapshotimage.h"
#include "services/storage/auditlog.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Says beside the snapshot what its deletion waits for; nothing clears it.
Done explainWait(StepContext &context, const QString &reason)
{
    return context.database.write([&](Session &session) -> Done {
        SnapshotRepository snapshots(session);
        SANDGLASS_TRY(Snapshot snapshot, snapshots.find(context.operation.snapshot));
        if (snapshot.error == reason)
            return {};
        snapshot.error = reason;
        return snapshots.save(snapshot);
    });
}

/// An engine keeps an image as long as a container uses it (fact D2), and nothing is forced here.
Done checkUse(StepContext &context)
{
    SANDGLASS_TRY(const QList<Sandbox> users, context.database.read([&context](Session &session) {
        return SandboxRepository(session).restoredFrom(context.operation.snapshot);
    }));
    QStringList names;
    for (const Sandbox &sandbox : users) {
        if (sandbox.status != SandboxStatus::Failed && sandbox.status != SandboxStatus::Missing)
            names.append(sandbox.id.text());
    }
    if (names.isEmpty())
        return {};
    const Error error{
        ErrorKind::Conflict,
        u"the image is in use by %1, restored from it; it is removed as soon as that is terminated"_s
            .arg(names.join(u", "_s)),
        {},
        {},
        0};
    SANDGLASS_CHECK(explainWait(context, sentenceFor(error).text()));
    return failure(error);
}

/// Of the places at engines; what is at registries is written where it is removed.
Done writeEngineState(StepContext &context, LocationState state, const QString &error)
{
    return context.database.write([&](Session &session) -> Done {
        SnapshotRepository snapshots(session);
        SANDGLASS_TRY(const Snapshot snapshot, snapshots.find(context.operation.snapshot));
        for (Location location : snapshot.locations) {
            if (location.kind != LocationKind::Engine
                || (location.state == state && location.error == error))
                continue;
            location.state = state;
            location.error = error;
            location.changedAt = session.now();
            SANDGLASS_CHECK(snapshots.saveLocation(location));
        }
        return {};
    });
}

/// By which the engine has the snapshot's image.
Result<QStringList>
namesAt(DockerClient &engine, const Snapshot &snapshot, const CancelToken &abort)
{
    SANDGLASS_TRY(
        const QList<ImageSummary> images,
        engine.images({label::snapshotId + u'=' + snapshot.id.text()}, abort));
    QStringList names;
    for (const ImageSummary &image : images)
        names += snapshotNamesAmong(image.tags, snapshot.sandbox, snapshot.id);
    return names;
}

Done removeImageFrom(StepContext &context, DockerClient &engine, const Snapshot &snapshot)
{
    SANDGLASS_TRY(const QStringList names, namesAt(engine, snapshot, context.abort));
    for (const QString &name : names) {
        const auto removed = engine.removeImage(name, context.abort);
        if (!removed && removed.error().kind != ErrorKind::NotFound) {
            const QString reason = sentenceFor(removed.error()).text();
            SANDGLASS_CHECK(writeEngineState(context, LocationState::Removing, reason));
            SANDGLASS_CHECK(explainWait(context, reason));
            return failure(removed.error());
        }
    }
    SANDGLASS_CHECK(removeUnnamedImages(engine, snapshot.id, context.abort));
    SANDGLASS_TRY(const QStringList left, namesAt(engine, snapshot, context.abort));
    if (left.isEmpty())
        return {};
    return failure(
        ErrorKind::Engine,
        u"the engine says it removed %1, but it is still there"_s.arg(left.first()));
}

Done removeImage(StepContext &context)
{
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    SANDGLASS_CHECK(writeEngineState(context, LocationState::Removing, {}));
    return removeImageFrom(context, context.engine, snapshot);
}

/// Where it was pulled to. Each place is forgotten once it is confirmed to be without it.
Done removeFromOtherEngines(StepContext &context)
{
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    for (const Location &location : snapshot.locations) {
        if (location.kind != LocationKind::Engine
            || location.place == context.operation.engine.text())
            continue;
        SANDGLASS_TRY(
            const auto engine,
            context.connections.reopen(EngineName::trusted(location.place), context.abort));
        SANDGLASS_CHECK(removeImageFrom(context, *engine, snapshot));
        SANDGLASS_CHECK(context.database.write([&location](Session &session) {
            return SnapshotRepository(session).removeLocation(location);
        }));
    }
    return {};
}

/// The registries that keep the image for good, with why; empty for none.
QString whatStays(const Snapshot &snapshot)
{
    QStringList places;
    for (const Location &location : snapshot.locations) {
        if (location.kind == LocationKind::Registry)
            places.append(u"registry %1: %2"_s.arg(location.place, location.error));
    }
    return places.join(u"; "_s);
}

/// People see first what stays where; when they then dismiss what is left of the snapshot, it goes
/// from the list, and the audit keeps what stayed.
Done checkNothingStays(StepContext &context)
{
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    const QString stays = whatStays(snapshot);
    if (stays.isEmpty() || context.operation.inputs["dismissal"_L1].toBool())
        return {};
    return failure(
        ErrorKind::Unsupported,
        u"snapshot %1 cannot be removed everywhere: %2"_s.arg(snapshot.id.text(), stays));
}

Done forgetSnapshot(Session &session, const Operation &operation)
{
    SnapshotRepository snapshots(session);
    SANDGLASS_TRY(Snapshot snapshot, snapshots.find(operation.snapshot));
    const QString stays = whatStays(snapshot);
    SANDGLASS_CHECK(snapshots.apply(snapshot, SnapshotEvent::Removed));
    return appendAudit(
        session,
        {operation.requestedBy,
         u"delete_snapshot"_s,
         snapshot.id.text(),
         stays.isEmpty() ? u"deleted"_s : u"deleted, but stays at "_s + stays,
         {}});
}

/// The snapshot stays `deleting` until the undo has asked the engine what is left of it.
Done keepDeleting(Session &, const Operation &, const QString &)
{
    return {};
}

/// What still has its image is active again; what lost it is gone, whatever was asked for
/// meanwhile, unless a registry keeps it.
Done undoDeletion(StepContext &context)
{
    const auto snapshot = snapshotOf(context);
    if (!snapshot)
        return snapshot.error().kind == ErrorKind::NotFound ? Done() : failure(snapshot.error());
    SANDGLASS_TRY(
        const auto image,
        findSnapshotImage(context.engine, snapshot->imageReference, snapshot->id, context.abort));
    if (!image && whatStays(*snapshot).isEmpty())
        return context.database.write(
            [&context](Session &session) { return forgetSnapshot(session, context.operation); });
    SANDGLASS_CHECK(
        writeEngineState(context, image ? LocationState::Present : LocationState::Missing, {}));
    return context.database.write([&](Session &session) -> Done {
        SnapshotRepository snapshots(session);
        SANDGLASS_TRY(Snapshot kept, snapshots.find(snapshot->id));
        if (kept.status != SnapshotStatus::Deleting)
            return {};
        // Without a location it never became active; without an image it cannot be any more.
        const SnapshotEvent event = kept.locations.isEmpty() || !image
            ? SnapshotEvent::DismissalGivenUp
            : SnapshotEvent::DeletionGivenUp;
        SANDGLASS_CHECK(
            snapshots.apply(kept, event, context.operation.error, context.operation.errorKind));
        return appendAudit(
            session,
            {context.operation.requestedBy,
             u"delete_snapshot"_s,
             kept.id.text(),
             u"kept: "_s + context.operation.error,
             {}});
    });
}

/// The image is in use, or a registry cannot be asked now.
bool isWorthWaiting(const Error &error)
{
    return error.kind == ErrorKind::Conflict || isWorthWaitingForRegistry(error);
}

} // namespace

OperationDefinition deleteSnapshotDefinition()
{
    OperationDefinition definition;
    definition.kind = OperationKind::DeleteSnapshot;
    definition.steps = {
        {u"check use"_s, checkUse},
        {u"remove from registries"_s, removeFromRegistries},
        {u"remove from other engines"_s, removeFromOtherEngines},
        {u"remove image"_s, removeImage},
        {u"check that nothing stays"_s, checkNothingStays},
    };
    definition.markSucceeded = forgetSnapshot;
    definition.markFailed = keepDeleting;
    definition.undo = undoDeletion;
    definition.isWorthWaiting = isWorthWaiting;
    return definition;
}

} // namespace sandglass
