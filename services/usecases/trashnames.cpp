#include "services/usecases/trashnames.h"

#include "services/domain/imagereference.h"
#include "services/domain/provenance.h"
#include "services/storage/database.h"
#include "services/storage/snapshotrepository.h"

namespace sandglass {

namespace {

/// Nothing for a snapshot that this store does not know.
Result<std::optional<SnapshotStatus>> statusOf(Database &database, const SnapshotId &id)
{
    return database.read([&id](Session &session) -> Result<std::optional<SnapshotStatus>> {
        const auto snapshot = SnapshotRepository(session).find(id);
        if (snapshot)
            return std::optional(snapshot->status);
        if (snapshot.error().kind == ErrorKind::NotFound)
            return std::optional<SnapshotStatus>();
        return failure(snapshot.error());
    });
}

} // namespace

Done keepTrashNames(
    Database &database,
    DockerClient &engine,
    const QList<ImageSummary> &images,
    const CancelToken &cancel)
{
    SANDGLASS_TRY(const QSet<SnapshotId> trashed, database.read([](Session &session) {
        return SnapshotRepository(session).trashed();
    }));
    for (const ImageSummary &image : images) {
        const auto identity = snapshotIdentityFrom(image.labels);
        if (!identity)
            continue;
        const auto &[snapshot, sandbox] = *identity;
        if (!image.tags.contains(snapshotReference(sandbox, snapshot)))
            continue;
        const QString name = trashReference(sandbox, snapshot);
        const bool isNamed = image.tags.contains(name);
        if (isNamed == trashed.contains(snapshot))
            continue;
        // Right before, because it may be on its way out, and a name would keep its image.
        SANDGLASS_TRY(const auto status, statusOf(database, snapshot));
        if (!isNamed && status == SnapshotStatus::Trashed) {
            const Done tagged =
                engine.tagImage(image.id, trashRepository, snapshotTag(sandbox, snapshot), cancel);
            if (!tagged && tagged.error().kind != ErrorKind::NotFound)
                return tagged;
        }
        if (isNamed && status == SnapshotStatus::Active) {
            const auto removed = engine.removeImage(name, cancel);
            if (!removed && removed.error().kind != ErrorKind::NotFound)
                return failure(removed.error());
        }
    }
    return {};
}

} // namespace sandglass
