#include "services/domain/imagereference.h"
#include "services/operations/place.h"
#include "services/operations/registryaccess.h"
#include "services/operations/snapshotimage.h"
#include "services/operations/transferrecord.h"
#include "services/storage/registryrepository.h"
#include "services/storage/snapshotrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString pushedDigest = u"digest"_s;

RegistryName registryOf(const Operation &operation)
{
    return RegistryName::trusted(operation.inputs["registry"_L1].toString());
}

/// What the steps of a push share.
struct Push
{
    Snapshot snapshot;
    Registry registry;
    QString tag; ///< the snapshot's own, unique one

    [[nodiscard]] QString reference() const { return taggedReference(registry, tag); }
    [[nodiscard]] QString repository() const { return registry.host + u'/' + registry.repository; }
    [[nodiscard]] Location place() const
    {
        Location location;
        location.snapshot = snapshot.id;
        location.kind = LocationKind::Registry;
        location.place = registry.name.text();
        location.imageReference = reference();
        return location;
    }
};

Result<Push> pushOf(Session &session, const Operation &operation)
{
    Push push;
    SANDGLASS_TRY(push.snapshot, SnapshotRepository(session).find(operation.snapshot));
    SANDGLASS_TRY(push.registry, RegistryRepository(session).find(registryOf(operation)));
    push.tag = snapshotTag(push.snapshot.sandbox, push.snapshot.id);
    return push;
}

Result<Push> pushOf(StepContext &context)
{
    return context.database.read(
        [&context](Session &session) { return pushOf(session, context.operation); });
}

/// Asks before the engine does: the registry tells us how long it wants to be left alone, and why
/// it does not let us in, where an engine has only words.
Done lookAtRegistry(StepContext &context)
{
    SANDGLASS_TRY(const Push push, pushOf(context));
    return context.registries.use(
        push.registry.name, context.abort, [&](OpenRegistry &opened) -> Done {
            SANDGLASS_CHECK(opened.client->findManifest(push.tag, context.abort));
            return {};
        });
}

Done nameForRegistry(StepContext &context)
{
    SANDGLASS_TRY(const Push push, pushOf(context));
    SANDGLASS_TRY(
        const auto image,
        findSnapshotImage(
            context.engine, push.snapshot.imageReference, push.snapshot.id, context.abort));
    if (!image) {
        return failure(
            ErrorKind::NotFound,
            u"the image %1 of the snapshot is no longer on engine %2"_s.arg(
                push.snapshot.imageReference, context.operation.engine.text()));
    }
    return context.engine.tagImage(image->id, push.repository(), push.tag, context.interrupt);
}

Done pushImage(StepContext &context)
{
    SANDGLASS_TRY(const Push push, pushOf(context));
    SANDGLASS_TRY(
        const OpenRegistry opened, context.registries.open(push.registry.name, context.abort));
    SANDGLASS_CHECK(reservePlace(context, push.place()));
    TransferRecord record(context);
    const auto pushed = context.engine.push(
        push.repository(), push.tag, opened.engineLogin(), record.listener(), context.abort);
    if (!pushed) {
        if (!pushed.error().remoteMessage.isEmpty()) // else it is the way to the engine
            context.registries.note(push.registry.name, pushed.error());
        return failure(pushed.error());
    }
    context.operation.memory.insert(pushedDigest, pushed->digest);
    return {};
}

/// What an engine says that it pushed counts once the registry has it under its name.
Done confirmAtRegistry(StepContext &context)
{
    SANDGLASS_TRY(const Push push, pushOf(context));
    const QString digest = context.operation.memory[pushedDigest].toString();
    return context.registries.use(
        push.registry.name, context.abort, [&](OpenRegistry &opened) -> Done {
            SANDGLASS_TRY(const auto found, opened.client->findManifest(push.tag, context.abort));
            if (found && found->digest == digest)
                return {};
            return failure(
                ErrorKind::Registry,
                u"registry %1 has %2 under the tag %3, not what was pushed, %4"_s.arg(
                    push.registry.name.text(),
                    found ? found->digest : u"nothing"_s,
                    push.tag,
                    digest));
        });
}

/// The tag that people gave it, besides its own. Directly at the registry: at the engine the name
/// may be another image's.
Done tagAtRegistry(StepContext &context)
{
    SANDGLASS_TRY(const Push push, pushOf(context));
    if (push.snapshot.tag.isEmpty())
        return {};
    const QString digest = context.operation.memory[pushedDigest].toString();
    return context.registries.use(
        push.registry.name, context.abort, [&](OpenRegistry &opened) -> Done {
            SANDGLASS_TRY(const Manifest manifest, opened.client->manifest(digest, context.abort));
            return opened.client->putManifest(push.snapshot.tag, manifest, context.abort);
        });
}

/// The registry's name at the engine is of no use after the push, and would keep the image.
Done dropName(StepContext &context)
{
    SANDGLASS_TRY(const Push push, pushOf(context));
    return removeImageName(context.engine, push.reference(), context.abort);
}

Done recordPlace(Session &session, const Operation &operation)
{
    SANDGLASS_TRY(const Push push, pushOf(session, operation));
    Location place = push.place();
    place.digest = operation.memory[pushedDigest].toString();
    return settlePlace(session, operation, place, u"push_snapshot"_s);
}

Done markPushFailed(Session &session, const Operation &operation, const QString &reason)
{
    return markPlaceFailed(
        session, operation, LocationKind::Registry, registryOf(operation).text(), reason);
}

} // namespace

OperationDefinition pushSnapshotDefinition()
{
    OperationDefinition definition;
    definition.kind = OperationKind::PushSnapshot;
    definition.steps = {
        {u"look at the registry"_s, lookAtRegistry},
        {u"name image"_s, nameForRegistry},
        {u"push"_s, pushImage},
        {u"confirm at the registry"_s, confirmAtRegistry, u"push"_s},
        {u"add the user's tag"_s, tagAtRegistry},
        {u"drop name"_s, dropName},
    };
    definition.markSucceeded = recordPlace;
    definition.markFailed = markPushFailed;
    definition.undo = dropName;
    definition.isWorthWaiting = isWorthWaitingForRegistry;
    return definition;
}

} // namespace sandglass
