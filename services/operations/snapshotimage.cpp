#include "services/operations/snapshotimage.h"

#include "services/operations/thaw.h"
#include "services/storage/snapshotrepository.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// How the comments of all commits of a snapshot begin.
QString commentOf(const SnapshotId &snapshot)
{
    return u"sandglass snapshot "_s + snapshot.text();
}

Result<QList<ImageDetails>>
unnamedImages(DockerClient &engine, const SnapshotId &snapshot, const CancelToken &abort)
{
    SANDGLASS_TRY(
        const QList<ImageSummary> labelled,
        engine.images({label::snapshotId + u'=' + snapshot.text()}, abort));
    QList<ImageDetails> unnamed;
    for (const ImageSummary &image : labelled) {
        if (!image.tags.isEmpty())
            continue;
        const auto details = engine.inspectImage(image.id, abort);
        if (!details && details.error().kind != ErrorKind::NotFound)
            return failure(details.error());
        // By digest somebody pulled it, and may be about to use it.
        const bool isPulled = details
            && std::any_of(details->repoDigests.begin(),
                           details->repoDigests.end(),
                           [](const QString &digest) { return !digest.startsWith("<none>"_L1); });
        if (details && !isPulled && details->comment.startsWith(commentOf(snapshot)))
            unnamed.append(*details);
    }
    return unnamed;
}

} // namespace

Result<Snapshot> snapshotOf(const StepContext &context)
{
    return context.database.read([&context](Session &session) {
        return SnapshotRepository(session).find(context.operation.snapshot);
    });
}

Result<std::optional<ImageDetails>> findSnapshotImage(
    DockerClient &engine,
    const QString &reference,
    const SnapshotId &snapshot,
    const CancelToken &abort)
{
    const auto image = engine.inspectImage(reference, abort);
    if (!image) {
        if (image.error().kind == ErrorKind::NotFound)
            return std::optional<ImageDetails>();
        return failure(image.error());
    }
    if (image->labels.value(label::snapshotId) != snapshot.text())
        return std::optional<ImageDetails>();
    return std::optional(*image);
}

Done removeImageName(DockerClient &engine, const QString &name, const CancelToken &abort)
{
    const auto removed = engine.removeImage(name, abort);
    if (!removed && removed.error().kind != ErrorKind::NotFound)
        return failure(removed.error());
    return {};
}

QString commitComment(const Operation &operation)
{
    return u"%1 by %2, %3"_s.arg(commentOf(operation.snapshot), operation.id.text())
        .arg(thawsOf(operation));
}

Result<QString>
committedImage(DockerClient &engine, const Operation &operation, const CancelToken &abort)
{
    SANDGLASS_TRY(
        const QList<ImageDetails> images, unnamedImages(engine, operation.snapshot, abort));
    for (const ImageDetails &image : images) {
        if (image.comment == commitComment(operation))
            return image.id;
    }
    return QString();
}

Done removeUnnamedImages(DockerClient &engine, const SnapshotId &snapshot, const CancelToken &abort)
{
    SANDGLASS_TRY(const QList<ImageDetails> images, unnamedImages(engine, snapshot, abort));
    for (const ImageDetails &image : images) {
        const auto removed = engine.removeImage(image.id, abort);
        // Conflict: somebody uses it, so it is not left behind but theirs.
        if (!removed && removed.error().kind != ErrorKind::NotFound
            && removed.error().kind != ErrorKind::Conflict)
            return failure(removed.error());
    }
    return {};
}

} // namespace sandglass
