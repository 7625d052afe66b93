#include "services/operations/registryremoval.h"

#include "services/core/errorsentence.h"
#include "services/domain/imagereference.h"
#include "services/operations/registryaccess.h"
#include "services/operations/snapshotimage.h"
#include "services/storage/registryrepository.h"
#include "services/storage/snapshotrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// A tag that stands for the same manifest and is not this snapshot's; empty when there is none.
/// Tags of other snapshots are not asked for: their labels, and so their manifests, are others.
Result<QString> strangersTag(
    OpenRegistry &opened,
    const Snapshot &snapshot,
    const QString &digest,
    const CancelToken &cancel)
{
    SANDGLASS_TRY(const QStringList tags, opened.client->tags(cancel));
    for (const QString &tag : tags) {
        if (isSnapshotTag(tag) || tag == snapshot.tag)
            continue;
        SANDGLASS_TRY(const auto found, opened.client->findManifest(tag, cancel));
        if (found && found->digest == digest)
            return tag;
    }
    return QString();
}

/// Gone without an error; Conflict, Unsupported or PermissionDenied when it stays for good.
Done removeManifest(OpenRegistry &opened, const Snapshot &snapshot, const CancelToken &cancel)
{
    const QString tag = snapshotTag(snapshot.sandbox, snapshot.id);
    SANDGLASS_TRY(const auto found, opened.client->findManifest(tag, cancel));
    if (!found)
        return {};
    SANDGLASS_TRY(const QString stranger, strangersTag(opened, snapshot, found->digest, cancel));
    if (!stranger.isEmpty()) {
        return failure(
            ErrorKind::Conflict,
            u"the manifest in registry %1 has the tag %2, too, which is not Sandglass's, and would "
            "lose it; it is left there"_s.arg(opened.registry.name.text(), stranger));
    }
    const Done deleted = opened.client->deleteManifest(found->digest, cancel);
    SANDGLASS_TRY(const auto left, opened.client->findManifest(found->digest, cancel));
    if (!left)
        return {}; // whatever it said
    if (!deleted)
        return deleted;
    return failure(
        ErrorKind::Registry,
        u"registry %1 says it removed %2, but it is still there"_s.arg(
            opened.registry.name.text(), found->digest));
}

bool staysForGood(const Error &error)
{
    return error.kind == ErrorKind::Conflict || error.kind == ErrorKind::Unsupported
        || error.kind == ErrorKind::PermissionDenied;
}

Done noteDeletion(StepContext &context, const RegistryName &name, bool allowed)
{
    return context.database.write(
        [&](Session &session) { return RegistryRepository(session).noteDeletion(name, allowed); });
}

Done removeFrom(StepContext &context, const Snapshot &snapshot, Location location)
{
    const RegistryName name = RegistryName::trusted(location.place);
    const Done removed =
        context.registries.use(name, context.abort, [&](OpenRegistry &opened) -> Done {
            return removeManifest(opened, snapshot, context.abort);
        });
    if (!removed && !staysForGood(removed.error()))
        return removed;
    if (removed || removed.error().kind == ErrorKind::Unsupported)
        SANDGLASS_CHECK(noteDeletion(context, name, removed.has_value()));
    return context.database.write([&](Session &session) -> Done {
        SnapshotRepository snapshots(session);
        if (removed)
            return snapshots.removeLocation(location);
        location.state = LocationState::Failed;
        location.error = sentenceFor(removed.error()).text();
        location.changedAt = location.checkedAt = session.now();
        return snapshots.saveLocation(location);
    });
}

} // namespace

Done removeFromRegistries(StepContext &context)
{
    const auto snapshot = snapshotOf(context);
    if (!snapshot)
        return snapshot.error().kind == ErrorKind::NotFound ? Done() : failure(snapshot.error());
    // One that cannot be reached must not keep the others from being cleaned.
    Done outcome;
    for (const Location &location : snapshot->locations) {
        if (location.kind != LocationKind::Registry)
            continue;
        if (const Done removed = removeFrom(context, *snapshot, location); !removed)
            outcome = removed;
    }
    return outcome;
}

} // namespace sandglass
