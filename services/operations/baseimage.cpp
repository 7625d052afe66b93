#include "services/operations/baseimage.h"

#include "services/domain/imagereference.h"

#include <QSet>

namespace sandglass {

QString baseOf(const ImageDetails &image)
{
    const QString base = image.labels.value(label::snapshotBase);
    return base.isEmpty() ? image.id : base;
}

bool isHeldBase(const ImageDetails &image)
{
    return image.tags.contains(baseReference(image.id));
}

Done holdBaseImage(DockerClient &engine, const QString &imageId, const CancelToken &abort)
{
    return engine.tagImage(imageId, baseRepository, baseTag(imageId), abort);
}

BaseHolds reviewHolds(
    const QList<ContainerSummary> &sandboxes,
    const QList<ImageSummary> &snapshots,
    const QList<ImageSummary> &held)
{
    QSet<QString> needed;
    for (const ContainerSummary &sandbox : sandboxes)
        needed.insert(sandbox.imageId);
    for (const ImageSummary &snapshot : snapshots)
        needed.insert(snapshot.labels.value(label::snapshotBase));
    for (const ImageSummary &snapshot : snapshots)
        needed.remove(snapshot.id); // it has a name of ours already
    needed.remove(QString());

    BaseHolds holds;
    QSet<QString> names;
    for (const QString &id : std::as_const(needed))
        names.insert(baseReference(id));
    for (const ImageSummary &image : held) {
        for (const QString &name : image.tags) {
            if (!names.remove(name))
                holds.needless.append(name);
        }
    }
    for (const QString &id : std::as_const(needed)) {
        if (names.contains(baseReference(id)))
            holds.missing.append(id);
    }
    return holds;
}

Done keepBaseImages(
    DockerClient &engine,
    const QList<ContainerSummary> &sandboxes,
    const QList<ImageSummary> &snapshots,
    const CancelToken &cancel)
{
    SANDGLASS_TRY(const QList<ImageSummary> held, engine.imagesIn(baseRepository, cancel));
    const BaseHolds holds = reviewHolds(sandboxes, snapshots, held);
    for (const QString &id : holds.missing) {
        const Done tagged = holdBaseImage(engine, id, cancel);
        if (!tagged && tagged.error().kind != ErrorKind::NotFound)
            return tagged;
    }
    for (const QString &name : holds.needless) {
        const auto removed = engine.removeImage(name, cancel);
        // Conflict: ours is the last name, and a container that is not ours uses the image.
        if (!removed && removed.error().kind != ErrorKind::NotFound
            && removed.error().kind != ErrorKind::Conflict)
            return failure(removed.error());
    }
    return {};
}

} // namespace sandglass
