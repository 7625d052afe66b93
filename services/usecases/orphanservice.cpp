#include "services/usecases/orphanservice.h"

#include "services/domain/imagenotes.h"
#include "services/domain/provenance.h"
#include "services/operations/engineconnections.h"
#include "services/operations/snapshotimage.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/snapshotrepository.h"
#include "services/usecases/timelimit.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto orphanLimit = 10s;

/// Nothing for an image that is none of our own: others inherit our labels when they build on it.
std::optional<OrphanedImage> ownImage(const ImageSummary &image)
{
    const auto identity = snapshotIdentityFrom(image.labels);
    if (!identity)
        return std::nullopt;
    const auto &[snapshot, sandbox] = *identity;
    const QStringList names = snapshotNamesAmong(image.tags, sandbox, snapshot);
    if (names.isEmpty())
        return std::nullopt;
    return OrphanedImage{
        image.id,
        names,
        snapshot,
        image.labels.value(label::namespaceName),
        image.sizeBytes,
        image.createdAt};
}

} // namespace

EngineOrphans OrphanService::lookAt(const EngineName &name)
{
    EngineOrphans found{name, {}, {}};
    const TimeLimit limit(orphanLimit);
    const auto images = [&]() -> Result<QList<ImageSummary>> {
        SANDGLASS_TRY(const auto engine, m_connections.reopen(name, limit.token()));
        return engine->images({QString(label::snapshotId)}, limit.token());
    }();
    // After the engine was asked, so that what is made meanwhile is known.
    const auto known =
        m_database.read([](Session &session) { return SnapshotRepository(session).ids(); });
    if (!images || !known) {
        found.error = images ? known.error() : images.error();
        return found;
    }
    for (const ImageSummary &image : *images) {
        const auto own = ownImage(image);
        if (own && !known->contains(own->snapshot))
            found.images.append(*own);
    }
    std::sort(found.images.begin(), found.images.end(), [](const auto &left, const auto &right) {
        return left.createdAt < right.createdAt;
    });
    return found;
}

Result<QList<EngineOrphans>> OrphanService::list()
{
    SANDGLASS_TRY(const QList<Engine> engines, m_database.read([](Session &session) {
        return EngineRepository(session).list();
    }));
    QList<EngineOrphans> all;
    for (const Engine &engine : engines)
        all.append(lookAt(engine.name));
    return all;
}

Done OrphanService::remove(const EngineName &name, const QString &imageId, const Caller &caller)
{
    SANDGLASS_CHECK(m_database.read(
        [&name](Session &session) { return EngineRepository(session).find(name); }));
    const EngineOrphans orphans = lookAt(name);
    if (orphans.error)
        return failure(*orphans.error);
    const auto orphan =
        std::find_if(orphans.images.begin(), orphans.images.end(), [&](const auto &each) {
            return each.imageId == imageId;
        });
    if (orphan == orphans.images.end()) {
        return failure(
            ErrorKind::NotFound,
            u"engine %1 has no orphaned image %2"_s.arg(name.text(), imageId.left(80)));
    }
    const TimeLimit limit(orphanLimit);
    SANDGLASS_TRY(const auto engine, m_connections.reopen(name, limit.token()));
    for (const QString &reference : orphan->names)
        SANDGLASS_CHECK(engine->removeImage(reference, limit.token()));
    return m_database.write([&](Session &session) {
        return appendAudit(
            session,
            {caller,
             u"delete_orphan"_s,
             orphan->snapshot.text(),
             u"deleted %1 from engine %2"_s.arg(orphan->names.last(), name.text()),
             {}});
    });
}

} // namespace sandglass
