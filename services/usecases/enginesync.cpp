#include "services/usecases/enginesync.h"

#include "services/core/errorsentence.h"
#include "services/core/logging.h"
#include "services/operations/baseimage.h"
#include "services/operations/engineconnections.h"
#include "services/operations/sandboxsteps.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/operationrepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "services/usecases/enginefacts.h"
#include "services/usecases/notenames.h"
#include "services/usecases/strays.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// What the store held before the engine was asked: what changed since is newer than the engine's
/// answer.
struct KnownState
{
    QList<Sandbox> sandboxes;
    QList<Location> locations;
    QSet<SandboxId> frozenByUs;
};

Result<KnownState> readKnown(Database &database, const EngineName &name)
{
    return database.read([&name](Session &session) -> Result<KnownState> {
        KnownState known;
        SANDGLASS_TRY(known.sandboxes, SandboxRepository(session).onEngine(name));
        SANDGLASS_TRY(known.locations, SnapshotRepository(session).settledLocations(name));
        SANDGLASS_TRY(const QList<Operation> operations, OperationRepository(session).unfinished());
        for (const Operation &operation : operations) {
            if (operation.memory["paused_by_us"_L1].toBool())
                known.frozenByUs.insert(operation.sandbox);
        }
        return known;
    });
}

QHash<QString, QString> statesByContainer(const QList<ContainerSummary> &containers)
{
    QHash<QString, QString> states;
    for (const ContainerSummary &container : containers)
        states.insert(container.id, container.state);
    return states;
}

/// What is seen to be different at an engine, whoever did it there.
Done auditSeen(
    Session &session, const QString &action, const QString &object, const QString &result)
{
    return appendAudit(session, {itself(u"engine monitor"_s), action, object, result, {}});
}

/// Saves an engine, with an audit record if its state is another one now.
Done saveEngine(Session &session, const Engine &before, const Engine &engine)
{
    SANDGLASS_CHECK(EngineRepository(session).save(engine));
    if (engine.state == before.state)
        return {};
    const QString result = engine.error.isEmpty() ? nameOf(engine.state)
                                                  : nameOf(engine.state) + u": "_s + engine.error;
    return auditSeen(session, u"see_engine"_s, engine.name.text(), result);
}

Done writeFacts(
    Session &session, const EngineName &name, const DockerClient &client, const EngineInfo &info)
{
    EngineRepository engines(session);
    SANDGLASS_TRY(const Engine before, engines.find(name));
    Engine engine = before;
    applyFacts(engine, client, info, session.now());
    Engine unchanged = before;
    unchanged.lastSeenAt = engine.lastSeenAt;
    return unchanged == engine ? engines.touch(name, session.now())
                               : saveEngine(session, before, engine);
}

Done writeSandboxes(
    Session &session, const KnownState &known, const QHash<QString, QString> &stateByContainer)
{
    SandboxRepository sandboxes(session);
    for (const Sandbox &before : known.sandboxes) {
        std::optional<QString> state;
        if (const auto it = stateByContainer.constFind(before.containerId);
            it != stateByContainer.constEnd())
            state = *it;
        const SandboxStatus status =
            observedStatus(before.status, state, known.frozenByUs.contains(before.id));
        if (status == before.status) {
            SANDGLASS_CHECK(sandboxes.confirm(before.id, session.now()));
            continue;
        }
        SANDGLASS_TRY(Sandbox sandbox, sandboxes.find(before.id));
        if (sandbox.changeSeq != before.changeSeq)
            continue;
        sandbox.status = status;
        sandbox.error.clear();
        sandbox.changedAt = sandbox.confirmedAt = session.now();
        SANDGLASS_CHECK(sandboxes.save(sandbox));
        SANDGLASS_CHECK(
            auditSeen(session, u"see_sandbox"_s, sandbox.id.text(), nameOf(sandbox.status)));
    }
    return {};
}

/// Which snapshot an image is of, by its name: a name alone may have been given to another image.
QHash<QString, QString> snapshotsByReference(const QList<ImageSummary> &images)
{
    QHash<QString, QString> snapshots;
    for (const ImageSummary &image : images) {
        for (const QString &reference : image.tags)
            snapshots.insert(reference, image.labels.value(label::snapshotId));
    }
    return snapshots;
}

/// The containers of sandboxes: those that are labelled as ours, and the adopted ones.
QList<ContainerSummary>
sandboxesAmong(const QList<ContainerSummary> &containers, const KnownState &known)
{
    QSet<QString> adopted;
    for (const Sandbox &sandbox : known.sandboxes)
        adopted.insert(sandbox.containerId);
    QList<ContainerSummary> kept;
    for (const ContainerSummary &container : containers) {
        if (container.labels.contains(label::sandboxId) || adopted.contains(container.id))
            kept.append(container);
    }
    return kept;
}

/// Marks images that somebody removed by hand, and those that are back.
Done writeLocations(
    Session &session, const KnownState &known, const QHash<QString, QString> &snapshotByReference)
{
    for (Location location : known.locations) {
        const bool isThere =
            snapshotByReference.value(location.imageReference) == location.snapshot.text();
        const LocationState before = location.state;
        location.state = isThere ? LocationState::Present : LocationState::Missing;
        if (location.state == before)
            continue;
        location.error = isThere ? QString() : u"the image is not on the engine any more"_s;
        location.changedAt = session.now();
        SANDGLASS_TRY(
            const bool changed, SnapshotRepository(session).changeLocation(location, before));
        if (changed) {
            SANDGLASS_CHECK(auditSeen(
                session,
                u"see_location"_s,
                location.snapshot.text(),
                u"%1 on engine %2"_s.arg(nameOf(location.state), location.place)));
        }
    }
    return {};
}

} // namespace

SandboxStatus
observedStatus(SandboxStatus known, const std::optional<QString> &containerState, bool frozenByUs)
{
    switch (known) {
    case SandboxStatus::Pending:
    case SandboxStatus::Terminating:
    case SandboxStatus::Terminated:
    case SandboxStatus::Failed:
    case SandboxStatus::Released:
        return known;
    case SandboxStatus::Running:
    case SandboxStatus::Paused:
    case SandboxStatus::Stopped:
    case SandboxStatus::Missing:
        break;
    }
    if (!containerState)
        return SandboxStatus::Missing;
    const SandboxStatus status = statusOf(*containerState);
    return status == SandboxStatus::Paused && frozenByUs ? SandboxStatus::Running : status;
}

Result<EngineLook> syncEngine(
    Database &database,
    EngineConnections &connections,
    const EngineName &name,
    LookAt what,
    const CancelToken &cancel)
{
    const bool everything = what == LookAt::Everything;
    SANDGLASS_TRY(const KnownState known, readKnown(database, name));
    SANDGLASS_TRY(
        const auto client,
        everything ? connections.connect(name, cancel) : connections.reopen(name, cancel));
    std::optional<EngineInfo> info;
    if (everything) {
        SANDGLASS_TRY(info, client->info(cancel));
    }
    SANDGLASS_TRY(
        const QList<ContainerSummary> containers,
        client->containers({}, cancel)); // adopted ones have no label of ours
    SANDGLASS_TRY(
        const QList<ImageSummary> images, client->images({QString(label::snapshotId)}, cancel));
    SANDGLASS_CHECK(database.write([&](Session &session) -> Done {
        SANDGLASS_CHECK(
            info ? writeFacts(session, name, *client, *info)
                 : EngineRepository(session).touch(name, session.now()));
        SANDGLASS_CHECK(writeSandboxes(session, known, statesByContainer(containers)));
        return writeLocations(session, known, snapshotsByReference(images));
    }));
    if (const Done removed = removeStrayImages(database, *client, images, cancel); !removed)
        qCWarning(usecasesLog) << name.text() << "stray images:" << removed.error().summary();
    if (const Done removed = removeStrayContainers(database, *client, containers, cancel); !removed)
        qCWarning(usecasesLog) << name.text() << "stray containers:" << removed.error().summary();
    if (const Done kept = keepNoteNames(database, *client, images, cancel); !kept)
        qCWarning(usecasesLog) << name.text() << "names of notes:" << kept.error().summary();
    if (const Done kept =
            keepBaseImages(*client, sandboxesAmong(containers, known), images, cancel);
        !kept)
        qCWarning(usecasesLog) << name.text() << "base images:" << kept.error().summary();
    EngineLook look{client->endpoint(), client->apiVersion(), {}};
    if (info)
        look.engineTime = info->systemTime;
    return look;
}

Done checkEngine(
    Database &database,
    EngineConnections &connections,
    const EngineName &name,
    const CancelToken &cancel)
{
    SANDGLASS_CHECK(connections.connect(name, cancel)); // it asks /_ping and /version
    return database.write(
        [&name](Session &session) { return EngineRepository(session).touch(name, session.now()); });
}

Done markUnreachable(
    Database &database, const EngineName &name, const Error &error, Timestamp nextAttempt)
{
    return database.write([&](Session &session) -> Done {
        SANDGLASS_TRY(const Engine before, EngineRepository(session).find(name));
        Engine engine = before;
        engine.state = error.kind == ErrorKind::UnsupportedVersion ? EngineState::Unsupported
                                                                   : EngineState::Unreachable;
        engine.error = sentenceFor(error).text();
        engine.nextAttemptAt = nextAttempt;
        return saveEngine(session, before, engine);
    });
}

} // namespace sandglass
