#include "services/usecases/strays.h"

#include "services/domain/labels.h"
#include "services/operations/snapshotimage.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/operationrepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"

#include <QSet>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

template <typename Matches> Result<bool> noOperation(Session &session, Matches matches)
{
    SANDGLASS_TRY(const QList<Operation> unfinished, OperationRepository(session).unfinished());
    return std::none_of(unfinished.begin(), unfinished.end(), matches);
}

/// Whether the store knows the snapshot and no operation is working on it.
Result<bool> isSettled(Session &session, const SnapshotId &id)
{
    const auto snapshot = SnapshotRepository(session).find(id);
    if (!snapshot)
        return snapshot.error().kind == ErrorKind::NotFound ? Result<bool>(false)
                                                            : failure(snapshot.error());
    return noOperation(
        session, [&id](const Operation &operation) { return operation.snapshot == id; });
}

/// Whether the store knows the sandbox, it came to nothing or to its end, and no operation is
/// working on it.
Result<bool> isOver(Session &session, const SandboxId &id)
{
    const auto sandbox = SandboxRepository(session).find(id);
    if (!sandbox)
        return sandbox.error().kind == ErrorKind::NotFound ? Result<bool>(false)
                                                           : failure(sandbox.error());
    if (sandbox->status != SandboxStatus::Failed && sandbox->status != SandboxStatus::Terminated)
        return false;
    return noOperation(
        session, [&id](const Operation &operation) { return operation.sandbox == id; });
}

} // namespace

Done removeStrayImages(
    Database &database,
    DockerClient &engine,
    const QList<ImageSummary> &images,
    const CancelToken &cancel)
{
    QSet<SnapshotId> strays;
    for (const ImageSummary &image : images) {
        if (image.tags.isEmpty())
            strays.insert(SnapshotId::trusted(image.labels.value(label::snapshotId)));
    }
    for (const SnapshotId &id : strays) {
        SANDGLASS_TRY(const bool isStray, database.read([&id](Session &session) {
            return isSettled(session, id);
        }));
        if (isStray)
            SANDGLASS_CHECK(removeUnnamedImages(engine, id, cancel));
    }
    return {};
}

Done removeStrayContainers(
    Database &database,
    DockerClient &engine,
    const QList<ContainerSummary> &containers,
    const CancelToken &cancel)
{
    for (const ContainerSummary &container : containers) {
        const auto id = SandboxId::trusted(container.labels.value(label::sandboxId));
        if (container.state != "created"_L1 || !container.names.contains(containerName(id)))
            continue;
        SANDGLASS_TRY(const bool isStray, database.read([&id](Session &session) {
            return isOver(session, id);
        }));
        if (!isStray)
            continue;
        const Done removed = engine.removeContainer(container.id, cancel);
        if (!removed && removed.error().kind != ErrorKind::NotFound)
            return removed;
        SANDGLASS_CHECK(database.write([&id](Session &session) {
            return appendAudit(
                session,
                {itself(u"engine monitor"_s),
                 u"remove_container"_s,
                 id.text(),
                 u"removed"_s,
                 u"the engine created it when that had been given up"_s});
        }));
    }
    return {};
}

} // namespace sandglass
