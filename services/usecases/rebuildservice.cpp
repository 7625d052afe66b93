#include "services/usecases/rebuildservice.h"

#include "services/domain/imagenotes.h"
#include "services/domain/imagereference.h"
#include "services/domain/provenance.h"
#include "services/operations/containerspec.h"
#include "services/operations/engineconnections.h"
#include "services/operations/sandboxsteps.h"
#include "services/storage/auditlog.h"
#include "services/storage/cleanuprunrepository.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::chrono::hours timeInRebuiltTrash{24}; // how much was left, nobody knows

/// What the database had before an engine was asked: what goes away meanwhile must not come back.
struct KnownIds
{
    QSet<SandboxId> sandboxes;
    QSet<SnapshotId> snapshots;
};

struct FoundSnapshot
{
    SnapshotProvenance provenance;
    ImageSummary image;
};

struct FoundOnEngine
{
    EngineRebuild report;
    QList<Sandbox> sandboxes;
    QList<FoundSnapshot> snapshots;
};

Result<KnownIds> readKnown(Database &database)
{
    return database.read([](Session &session) -> Result<KnownIds> {
        KnownIds known;
        SANDGLASS_TRY(known.sandboxes, SandboxRepository(session).ids());
        SANDGLASS_TRY(known.snapshots, SnapshotRepository(session).ids());
        return known;
    });
}

/// The sandbox of a container; nothing for one that the database knows, or that is left alone.
Result<std::optional<Sandbox>> findSandbox(
    DockerClient &engine,
    const ContainerSummary &container,
    const KnownIds &known,
    EngineRebuild &report)
{
    const QString subject = u"container %1"_s.arg(container.names.value(0, container.id));
    const auto skip = [&report, &subject](const QString &reason) {
        report.skipped.append({subject, reason});
        return std::optional<Sandbox>();
    };
    const auto id = SandboxId::parse(container.labels.value(label::sandboxId));
    if (!id)
        return skip(id.error().detail);
    // An image that somebody made of our container hands its labels on.
    if (!container.names.contains(containerName(*id)))
        return skip(
            u"it is not called %1, so it is not the sandbox itself"_s.arg(containerName(*id)));
    if (known.sandboxes.contains(*id)) {
        ++report.known;
        return std::optional<Sandbox>();
    }
    auto sandbox = sandboxFrom(container.labels);
    if (!sandbox)
        return skip(sandbox.error().detail);
    const auto details = engine.inspectContainer(container.id);
    if (!details) {
        if (details.error().kind == ErrorKind::NotFound)
            return skip(u"it went away meanwhile"_s);
        return failure(details.error());
    }
    sandbox->engine = report.engine;
    sandbox->containerId = details->id;
    sandbox->status = statusOf(details->state);
    sandbox->config = configOf(*details, *sandbox);
    return std::optional(*sandbox);
}

/// The snapshot of an image, as findSandbox().
std::optional<FoundSnapshot>
findSnapshot(const ImageSummary &image, const KnownIds &known, EngineRebuild &report)
{
    const QString subject = u"image %1"_s.arg(image.tags.value(0, image.id));
    const auto skip = [&report, &subject](const QString &reason) {
        report.skipped.append({subject, reason});
        return std::nullopt;
    };
    const auto identity = snapshotIdentityFrom(image.labels);
    if (!identity)
        return skip(identity.error().detail);
    if (image.tags.isEmpty())
        return skip(u"it has no name: a commit that did not end made it"_s);
    // An image that somebody built from a snapshot inherits its labels.
    const QString reference = snapshotReference(identity->sandbox, identity->snapshot);
    if (!image.tags.contains(reference))
        return skip(u"it is not called %1, so it is not the snapshot itself"_s.arg(reference));
    if (known.snapshots.contains(identity->snapshot)) {
        ++report.known;
        return std::nullopt;
    }
    const auto provenance = snapshotFrom(image.labels);
    if (!provenance)
        return skip(provenance.error().detail);
    return FoundSnapshot{*provenance, image};
}

Done look(DockerClient &engine, const KnownIds &known, FoundOnEngine &found)
{
    SANDGLASS_TRY(
        const QList<ContainerSummary> containers, engine.containers({QString(label::sandboxId)}));
    for (const ContainerSummary &container : containers) {
        // Empty on a container that somebody runs from a snapshot's image.
        if (container.labels.value(label::sandboxId).isEmpty())
            continue;
        SANDGLASS_TRY(const auto sandbox, findSandbox(engine, container, known, found.report));
        if (sandbox)
            found.sandboxes.append(*sandbox);
    }
    SANDGLASS_TRY(const QList<ImageSummary> images, engine.images({QString(label::snapshotId)}));
    for (const ImageSummary &image : images) {
        // Empty on an image that somebody made of a sandbox.
        if (image.labels.value(label::snapshotId).isEmpty())
            continue;
        if (const auto snapshot = findSnapshot(image, known, found.report))
            found.snapshots.append(*snapshot);
    }
    return {};
}

FoundOnEngine lookAt(EngineConnections &connections, const EngineName &name, const KnownIds &known)
{
    FoundOnEngine found;
    found.report.engine = name;
    const auto client = connections.connect(name);
    const Done looked = client ? look(**client, known, found) : failure(client.error());
    if (looked)
        return found;
    FoundOnEngine nothing;
    nothing.report.engine = name;
    nothing.report.error = looked.error();
    return nothing;
}

/// Which engine counts as a snapshot's own: where it was made, or else the first that has it.
QHash<SnapshotId, EngineName> homesOf(const QList<FoundOnEngine> &engines)
{
    QHash<SnapshotId, EngineName> homes;
    for (const FoundOnEngine &found : engines) {
        for (const auto &[provenance, image] : found.snapshots) {
            const Snapshot &snapshot = provenance.snapshot;
            if (!homes.contains(snapshot.id) || snapshot.engine == found.report.engine)
                homes.insert(snapshot.id, found.report.engine);
        }
    }
    return homes;
}

/// When each snapshot was last restored, as the sandboxes that are left tell.
QHash<SnapshotId, Timestamp> lastUsesOf(const QList<FoundOnEngine> &engines)
{
    QHash<SnapshotId, Timestamp> uses;
    for (const FoundOnEngine &found : engines) {
        for (const Sandbox &sandbox : found.sandboxes) {
            if (!sandbox.restoredFrom.isEmpty()) {
                Timestamp &last = uses[sandbox.restoredFrom];
                last = std::max(last, sandbox.createdAt);
            }
        }
    }
    return uses;
}

/// What all engines together say.
struct FoundTogether
{
    QHash<SnapshotId, EngineName> homes;
    QHash<SnapshotId, Timestamp> lastUses;
};

Done auditAdded(Session &session, const QString &id, const EngineName &engine, const Caller &caller)
{
    return appendAudit(
        session, {caller, u"rebuild"_s, id, u"added from engine "_s + engine.text(), {}});
}

Done addSandbox(Session &session, Sandbox sandbox, const Caller &caller, EngineRebuild &report)
{
    SandboxRepository sandboxes(session);
    const auto existing = sandboxes.find(sandbox.id);
    if (existing) {
        report.skipped.append(
            {sandbox.id.text(), u"engine %1 has it, too"_s.arg(existing->engine.text())});
        return {};
    }
    if (existing.error().kind != ErrorKind::NotFound)
        return failure(existing.error());
    sandbox.changedAt = sandbox.confirmedAt = session.now();
    SANDGLASS_CHECK(sandboxes.insert(sandbox));
    report.sandboxes.append(sandbox.id);
    return auditAdded(session, sandbox.id.text(), report.engine, caller);
}

/// A snapshot outlives its sandbox, but refers to it.
Done addTerminatedSandbox(
    Session &session, Sandbox sandbox, const EngineName &engine, const Caller &caller)
{
    SandboxRepository sandboxes(session);
    const auto existing = sandboxes.find(sandbox.id);
    if (existing || existing.error().kind != ErrorKind::NotFound)
        return existing ? Done() : failure(existing.error());
    sandbox.engine = engine;
    sandbox.changedAt = sandbox.confirmedAt = session.now();
    SANDGLASS_CHECK(sandboxes.insert(sandbox));
    return auditAdded(session, sandbox.id.text(), engine, caller);
}

Done addSnapshot(
    Session &session,
    const FoundSnapshot &found,
    std::optional<Timestamp> usedAt,
    const Caller &caller,
    EngineRebuild &report)
{
    SnapshotRepository snapshots(session);
    Snapshot snapshot = found.provenance.snapshot;
    const auto existing = snapshots.find(snapshot.id);
    if (existing || existing.error().kind != ErrorKind::NotFound)
        return existing ? Done() : failure(existing.error());
    snapshot.engine = report.engine;
    snapshot.usedAt = usedAt;
    const ImageNotes notes = notesFrom(found.image.tags, snapshot.sandbox, snapshot.id);
    if (notes.trashed) {
        snapshot.status = SnapshotStatus::Trashed;
        snapshot.trashedUntil = session.now() + timeInRebuiltTrash;
    }
    if (notes.pinned) {
        snapshot.pin =
            SnapshotPin{u"pinned before the rebuild"_s, caller.text(), notes.pinnedUntil};
    }
    snapshot.sizeBytes = found.image.sizeBytes;
    snapshot.changedBytes = addedBytes(found.image.sizeBytes, found.provenance.baseBytes);
    SANDGLASS_CHECK(addTerminatedSandbox(session, found.provenance.sandbox, report.engine, caller));
    SANDGLASS_CHECK(snapshots.insert(snapshot));
    snapshot.ttlSeconds = notes.ttlSeconds.value_or(snapshot.ttlSeconds);
    SANDGLASS_CHECK(snapshots.save(snapshot));
    if (!snapshot.findings.isEmpty())
        SANDGLASS_CHECK(snapshots.saveFindings(snapshot.id, snapshot.findings));
    Location location;
    location.snapshot = snapshot.id;
    location.place = report.engine.text();
    location.imageReference = snapshot.imageReference;
    location.imageId = found.image.id;
    location.changedAt = location.checkedAt = session.now();
    SANDGLASS_CHECK(snapshots.saveLocation(location));
    report.snapshots.append(snapshot.id);
    return auditAdded(session, snapshot.id.text(), report.engine, caller);
}

/// What is written together, so that an engine's sandboxes never come without their snapshots.
Result<EngineRebuild> write(
    Session &session,
    const FoundOnEngine &found,
    const FoundTogether &together,
    const Caller &caller)
{
    EngineRebuild report = found.report;
    for (const Sandbox &sandbox : found.sandboxes)
        SANDGLASS_CHECK(addSandbox(session, sandbox, caller, report));
    for (const FoundSnapshot &snapshot : found.snapshots) {
        const SnapshotId &id = snapshot.provenance.snapshot.id;
        const EngineName home = together.homes.value(id);
        if (home != report.engine) {
            report.skipped.append({id.text(), u"engine %1 has it, too"_s.arg(home.text())});
            continue;
        }
        const auto use = together.lastUses.constFind(id);
        SANDGLASS_CHECK(addSnapshot(
            session,
            snapshot,
            use == together.lastUses.constEnd() ? std::nullopt : std::optional(*use),
            caller,
            report));
    }
    return report;
}

} // namespace

Result<QList<EngineRebuild>> RebuildService::rebuild(const Caller &caller)
{
    SANDGLASS_TRY(const QList<Engine> engines, m_database.read([](Session &session) {
        return EngineRepository(session).list();
    }));
    SANDGLASS_TRY(const KnownIds known, readKnown(m_database));
    QList<FoundOnEngine> found;
    for (const Engine &engine : engines)
        found.append(lookAt(m_connections, engine.name, known));

    const FoundTogether together{homesOf(found), lastUsesOf(found)};
    QList<EngineRebuild> reports;
    for (const FoundOnEngine &each : found) {
        SANDGLASS_TRY(const EngineRebuild report, m_database.write([&](Session &session) {
            return write(session, each, together, caller);
        }));
        reports.append(report);
    }
    // The rules are lost: there is an interval's time to set them again.
    SANDGLASS_CHECK(m_database.write([](Session &session) {
        return CleanupRunRepository(session).saveTimer({session.now(), {}});
    }));
    return reports;
}

} // namespace sandglass
