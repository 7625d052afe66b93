#include "services/usecases/notenames.h"

#include "services/domain/imagenotes.h"
#include "services/domain/imagereference.h"
#include "services/domain/provenance.h"
#include "services/operations/snapshotimage.h"
#include "services/storage/database.h"
#include "services/storage/snapshotrepository.h"

namespace sandglass {

namespace {

/// Not for a snapshot that this store does not know, nor for one on its way out: a name would keep
/// its image.
Result<bool> isKept(Database &database, const SnapshotId &id)
{
    return database.read([&id](Session &session) -> Result<bool> {
        const auto snapshot = SnapshotRepository(session).find(id);
        if (snapshot)
            return snapshot->status == SnapshotStatus::Active
                || snapshot->status == SnapshotStatus::Trashed;
        if (snapshot.error().kind == ErrorKind::NotFound)
            return false;
        return failure(snapshot.error());
    });
}

Done addName(
    DockerClient &engine, const QString &imageId, const QString &name, const CancelToken &cancel)
{
    const Done tagged = engine.tagImage(
        imageId, name.section(QLatin1Char(':'), 0, 0), name.section(QLatin1Char(':'), 1), cancel);
    return tagged || tagged.error().kind == ErrorKind::NotFound ? Done() : tagged;
}

} // namespace

Done keepNoteNames(
    Database &database,
    DockerClient &engine,
    const QList<ImageSummary> &images,
    const CancelToken &cancel)
{
    SANDGLASS_TRY(const auto notes, database.read([](Session &session) {
        return SnapshotRepository(session).notes();
    }));
    for (const ImageSummary &image : images) {
        const auto identity = snapshotIdentityFrom(image.labels);
        if (!identity)
            continue;
        const auto &[snapshot, sandbox] = *identity;
        if (!image.tags.contains(snapshotReference(sandbox, snapshot)))
            continue;
        const QStringList wanted = noteNames(notes.value(snapshot), sandbox, snapshot);
        const QStringList present = noteNamesAmong(image.tags, sandbox, snapshot);
        QStringList missing = wanted;
        missing.removeIf([&present](const QString &name) { return present.contains(name); });
        QStringList needless = present;
        needless.removeIf([&wanted](const QString &name) { return wanted.contains(name); });
        if (missing.isEmpty() && needless.isEmpty())
            continue;
        SANDGLASS_TRY(const bool kept, isKept(database, snapshot));
        if (!kept)
            continue;
        for (const QString &name : missing)
            SANDGLASS_CHECK(addName(engine, image.id, name, cancel));
        for (const QString &name : needless)
            SANDGLASS_CHECK(removeImageName(engine, name, cancel));
    }
    return {};
}

} // namespace sandglass
