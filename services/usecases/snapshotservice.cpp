#include "services/usecases/snapshotservice.h"

#include "services/core/logging.h"
#include "services/domain/imagereference.h"
#include "services/domain/snapshotschedule.h"
#include "services/domain/ttl.h"
#include "services/operations/engineconnections.h"
#include "services/operations/journal.h"
#include "services/operations/operationrunner.h"
#include "services/operations/planningsnapshot.h"
#include "services/operations/sandboxsteps.h"
#include "services/operations/secretsearch.h"
#include "services/operations/snapshotimage.h"
#include "services/storage/auditlog.h"
#include "services/storage/enginerepository.h"
#include "services/storage/registryrepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/settingsrepository.h"
#include "services/storage/snapshotrepository.h"
#include "services/usecases/snapshotcursor.h"
#include "services/usecases/snapshotlimit.h"
#include "services/usecases/snapshotremoval.h"
#include "services/usecases/timelimit.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto liveCheckLimit = 2s;
constexpr auto planLimit = 10s;

Result<Sandbox>
findSandbox(Database &database, const NamespaceName &namespaceName, const SandboxId &id)
{
    SANDGLASS_TRY(const Sandbox sandbox, database.read([&id](Session &session) {
        return SandboxRepository(session).find(id);
    }));
    if (sandbox.namespaceName != namespaceName)
        return failure(ErrorKind::NotFound, u"sandbox %1"_s.arg(id.text()));
    return sandbox;
}

tl::unexpected<Error> notRunning(const SandboxId &id, const QString &state)
{
    return failure(
        ErrorKind::Conflict, u"sandbox %1 is not running, it is \"%2\""_s.arg(id.text(), state));
}

/// A tag that snapshots have by themselves could take a registry's tag away from another one.
Done checkTag(const QString &tag)
{
    SANDGLASS_CHECK(validateTag(tag));
    if (isSnapshotTag(tag)) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" is a tag that snapshots get by themselves; choose another"_s.arg(tag));
    }
    return {};
}

/// Whether the sandbox runs, as the engine says it now. When the engine does not answer in time,
/// what is known counts: the operation asks again before it does anything.
Done checkRuns(EngineConnections &connections, const Sandbox &sandbox)
{
    if (!canSnapshot(sandbox.status))
        return notRunning(sandbox.id, nameOf(sandbox.status));
    const TimeLimit limit(liveCheckLimit);
    const auto engine = connections.reopen(sandbox.engine, limit.token());
    if (!engine)
        return {};
    const auto container =
        (*engine)->inspectContainer(sandbox.containerId, WithSize::No, limit.token());
    if (!container)
        return container.error().kind == ErrorKind::NotFound ? notRunning(sandbox.id, u"gone"_s)
                                                             : Done();
    if (!container->running)
        return notRunning(sandbox.id, container->state);
    return {};
}

/// What becomes of a snapshot in which secrets were found and not blanked.
QString treatmentOf(const std::optional<bool> &accepted)
{
    if (!accepted)
        return u"record"_s;
    return *accepted ? u"accept"_s : u"refuse"_s;
}

QJsonObject restoreInputs(const RestorePlan &plan, const QString &reason)
{
    return {
        {u"image"_s, plan.image},
        {u"restored_from_snapshot"_s, plan.fromSnapshot},
        {u"ttl_expired"_s, plan.ttlExpired},
        {u"forced"_s, plan.forced},
        {u"reason"_s, reason},
    };
}

StartedRestore startedRestore(const Operation &operation)
{
    return {
        operation.sandbox,
        operation.id,
        operation.inputs["restored_from_snapshot"_L1].toBool(),
        operation.inputs["ttl_expired"_L1].toBool(),
    };
}

Result<RestorePlan> makePlan(Session &session, const RestoreRequest &request)
{
    SANDGLASS_TRY(const Snapshot snapshot, SnapshotRepository(session).find(request.snapshot));
    if (snapshot.namespaceName != request.namespaceName)
        return failure(ErrorKind::NotFound, u"snapshot %1"_s.arg(request.snapshot.text()));
    SANDGLASS_TRY(const QList<Engine> engines, EngineRepository(session).list());
    SANDGLASS_TRY(const QList<Registry> registries, RegistryRepository(session).list());
    return planRestore(snapshot, session.now(), request.wish, engines, registries);
}

Done noteUse(Session &session, const SnapshotId &id)
{
    SnapshotRepository snapshots(session);
    SANDGLASS_TRY(Snapshot snapshot, snapshots.find(id));
    snapshot.usedAt = session.now();
    return snapshots.save(snapshot);
}

Done refuseFailedChecks(const RestorePlan &plan)
{
    for (const PreflightCheck &check : plan.checks) {
        if (check.outcome != PreflightCheck::Outcome::Failed)
            continue;
        if (check.name == PreflightCheck::Name::EngineAnswers)
            return failure(ErrorKind::Conflict, u"engine %1 does not answer"_s.arg(check.detail));
        if (check.name == PreflightCheck::Name::PlatformMatches) {
            return failure(
                ErrorKind::Conflict,
                u"the image is for %1, and engine %2 runs another platform"_s.arg(
                    check.detail, plan.engine.text()));
        }
        return failure(
            ErrorKind::Conflict,
            u"image %1 is neither on engine %2 nor in a registry"_s.arg(
                check.detail, plan.engine.text()));
    }
    return {};
}

} // namespace

SnapshotService::SnapshotService(
    Database &database, OperationRunner &runner, EngineConnections &connections, const Clock &clock)
    : m_database(database)
    , m_runner(runner)
    , m_connections(connections)
    , m_clock(clock)
{ }

Result<SnapshotPlan>
SnapshotService::planSnapshot(const NamespaceName &namespaceName, const SandboxId &id)
{
    SANDGLASS_TRY(const Sandbox sandbox, findSandbox(m_database, namespaceName, id));
    const TimeLimit limit(planLimit);
    SANDGLASS_TRY(const auto engine, m_connections.reopen(sandbox.engine, limit.token()));
    SANDGLASS_TRY(
        const ContainerDetails container,
        engine->inspectContainer(sandbox.containerId, WithSize::Yes, limit.token()));
    SANDGLASS_TRY(
        const InspectedSandbox inspected,
        inspectedSandbox(*engine, sandbox, container, limit.token()));
    SANDGLASS_TRY(
        SnapshotPlan plan,
        sandglass::planSnapshot(*engine, m_connections, inspected, limit.token()));
    plan.findings = secretsInEnvironment(plan.config.environment(), plan.config.secretNames);
    SANDGLASS_TRY(
        const QList<SecretFinding> inFiles,
        secretsInFiles(*engine, sandbox.containerId, limit.token()));
    plan.findings.append(inFiles);
    return plan;
}

Result<StartedSnapshot> SnapshotService::create(const CreateSnapshotRequest &request)
{
    const Timestamp now = m_clock.now();
    if (request.ttlSeconds)
        SANDGLASS_CHECK(validateTtl(*request.ttlSeconds, now));
    if (!request.tag.isEmpty())
        SANDGLASS_CHECK(checkTag(request.tag));
    if (request.note.size() > longestNote)
        return failure(
            ErrorKind::InvalidArgument,
            u"the note is longer than %1 characters"_s.arg(longestNote));

    const IdempotencyKey key = idempotencyOf(
        request.idempotencyKey,
        {{u"sandbox"_s, request.sandbox.text()},
         {u"ttl"_s, request.ttlSeconds ? QJsonValue(*request.ttlSeconds) : QJsonValue()},
         {u"tag"_s, request.tag},
         {u"note"_s, request.note},
         {u"pause"_s, request.pause == PauseDuringCommit::Yes},
         {u"scrub"_s, request.scrubEnvironment},
         {u"accept"_s,
          request.acceptFindings ? QJsonValue(*request.acceptFindings) : QJsonValue()}});
    SANDGLASS_TRY(const auto repeated, m_database.read([&](Session &session) {
        return OperationRepository(session).findRepeated(
            request.namespaceName, OperationKind::CreateSnapshot, key);
    }));
    if (repeated)
        return StartedSnapshot{repeated->snapshot, repeated->id};

    SANDGLASS_TRY(
        const Sandbox running, findSandbox(m_database, request.namespaceName, request.sandbox));
    SANDGLASS_CHECK(checkRuns(m_connections, running));

    const auto started = m_database.write([&](Session &session) -> Result<StartedSnapshot> {
        OperationRepository operations(session);
        SANDGLASS_TRY(
            const auto raced,
            operations.findRepeated(request.namespaceName, OperationKind::CreateSnapshot, key));
        if (raced)
            return StartedSnapshot{raced->snapshot, raced->id};
        SANDGLASS_TRY(const Sandbox sandbox, SandboxRepository(session).find(request.sandbox));
        if (!canSnapshot(sandbox.status))
            return notRunning(sandbox.id, nameOf(sandbox.status));

        SnapshotRepository snapshots(session);
        SANDGLASS_CHECK(checkSnapshotLimit(session, request.namespaceName));
        SANDGLASS_TRY(
            const SettingValue defaultTtl,
            SettingsRepository(session).effective(
                defaultTtlSetting(request.schedule), request.namespaceName));

        Snapshot snapshot;
        snapshot.id = SnapshotId::generate();
        snapshot.sandbox = sandbox.id;
        snapshot.namespaceName = sandbox.namespaceName;
        snapshot.engine = sandbox.engine;
        snapshot.tag = request.tag;
        snapshot.note = request.note;
        snapshot.pause = request.pause;
        snapshot.ttlSeconds = request.ttlSeconds.value_or(defaultTtl.value);
        snapshot.createdAt = snapshot.changedAt = now;
        snapshot.imageReference = snapshotReference(sandbox.id, snapshot.id);
        snapshot.config = sandbox.config;
        snapshot.schedule = request.schedule;
        snapshot.parent = sandbox.restoredFrom;

        Operation operation = newOperation(
            OperationKind::CreateSnapshot, snapshot.namespaceName, request.caller, now);
        operation.engine = snapshot.engine;
        operation.sandbox = sandbox.id;
        operation.snapshot = snapshot.id;
        operation.inputs = {
            {u"scrub_environment"_s, request.scrubEnvironment},
            {u"findings"_s, treatmentOf(request.acceptFindings)}};

        SANDGLASS_CHECK(snapshots.insert(snapshot));
        SANDGLASS_CHECK(journal(session, operation, snapshot.id.text(), key));
        return StartedSnapshot{snapshot.id, operation.id};
    });
    m_runner.wake();
    return started;
}

Result<SnapshotPage> SnapshotService::list(const SnapshotQuery &query)
{
    SnapshotFilter filter;
    filter.namespaceName = query.namespaceName;
    filter.sandbox = query.sandbox;
    filter.status = query.status;
    filter.withTrash = query.withTrash;
    filter.text = query.text;
    filter.limit =
        query.limit > 0 ? query.limit + 1 : 0; // one more tells whether there is a next page
    if (!query.cursor.isEmpty()) {
        SANDGLASS_TRY(filter.after, parseCursor(query.cursor));
    }
    SnapshotPage page;
    SANDGLASS_TRY(page.snapshots, m_database.read([&filter](Session &session) {
        return SnapshotRepository(session).list(filter);
    }));
    if (query.limit > 0 && page.snapshots.size() > query.limit) {
        page.snapshots.removeLast();
        page.nextCursor = cursorAfter(page.snapshots.last());
    }
    return page;
}

Result<Snapshot> SnapshotService::find(const SnapshotId &id)
{
    return m_database.read(
        [&id](Session &session) { return SnapshotRepository(session).find(id); });
}

Result<Snapshot> SnapshotService::find(const NamespaceName &namespaceName, const SnapshotId &id)
{
    SANDGLASS_TRY(const Snapshot snapshot, find(id));
    if (snapshot.namespaceName != namespaceName)
        return failure(ErrorKind::NotFound, u"snapshot %1"_s.arg(id.text()));
    return snapshot;
}

Result<RemovedSnapshot> SnapshotService::remove(const SnapshotRequest &request)
{
    if (request.trashSeconds)
        SANDGLASS_CHECK(validateSetting(Setting::TrashTime, *request.trashSeconds));
    const auto removed = m_database.write([&](Session &session) -> Result<RemovedSnapshot> {
        SANDGLASS_TRY(Snapshot snapshot, SnapshotRepository(session).find(request.snapshot));
        if (snapshot.namespaceName != request.namespaceName)
            return failure(ErrorKind::NotFound, u"snapshot %1"_s.arg(request.snapshot.text()));
        SANDGLASS_CHECK(refusePinned(snapshot, session.now()));
        SANDGLASS_TRY(
            const SettingValue setting,
            SettingsRepository(session).effective(Setting::TrashTime, snapshot.namespaceName));
        const qint64 trashSeconds = request.trashSeconds.value_or(setting.value);
        if (trashSeconds > 0 && snapshot.status == SnapshotStatus::Active) {
            SANDGLASS_CHECK(moveToTrash(session, snapshot, trashSeconds, request.caller, {}));
            return RemovedSnapshot{SnapshotStatus::Trashed, {}};
        }
        SANDGLASS_TRY(
            const OperationId operation, beginRemoval(session, snapshot, request.caller, {}));
        return RemovedSnapshot{SnapshotStatus::Deleting, operation};
    });
    m_runner.wake();
    return removed;
}

Result<StartedSnapshot> SnapshotService::retry(const SnapshotRequest &request)
{
    SANDGLASS_TRY(const Snapshot failed, find(request.namespaceName, request.snapshot));
    SANDGLASS_TRY(
        const Sandbox running, findSandbox(m_database, request.namespaceName, failed.sandbox));
    SANDGLASS_CHECK(checkRuns(m_connections, running));
    const auto started = m_database.write([&](Session &session) -> Result<StartedSnapshot> {
        SnapshotRepository snapshots(session);
        SANDGLASS_TRY(Snapshot snapshot, snapshots.find(request.snapshot));
        if (!snapshot.locations.isEmpty()) {
            return failure(
                ErrorKind::Conflict,
                u"snapshot %1 was to be deleted, and is not taken anew; dismiss it"_s.arg(
                    snapshot.id.text()));
        }
        SANDGLASS_TRY(const Sandbox sandbox, SandboxRepository(session).find(snapshot.sandbox));
        if (!canSnapshot(sandbox.status))
            return notRunning(sandbox.id, nameOf(sandbox.status));
        SANDGLASS_CHECK(checkSnapshotLimit(session, request.namespaceName));
        Operation operation = newOperation(
            OperationKind::CreateSnapshot, snapshot.namespaceName, request.caller, m_clock.now());
        operation.engine = snapshot.engine;
        operation.sandbox = sandbox.id;
        operation.snapshot = snapshot.id;
        SANDGLASS_TRY(
            operation.inputs, OperationRepository(session).lastInputs(snapshot.id, operation.kind));

        snapshot.createdAt = operation.createdAt; // it holds what the sandbox is now
        SANDGLASS_CHECK(snapshots.apply(snapshot, SnapshotEvent::RetryAsked));
        SANDGLASS_CHECK(journal(session, operation, snapshot.id.text()));
        return StartedSnapshot{snapshot.id, operation.id};
    });
    m_runner.wake();
    return started;
}

Result<OperationId> SnapshotService::dismiss(const SnapshotRequest &request)
{
    SANDGLASS_TRY(const Snapshot snapshot, find(request.namespaceName, request.snapshot));
    if (snapshot.status != SnapshotStatus::Failed) {
        return failure(
            ErrorKind::Conflict,
            u"snapshot %1 is \"%2\", and only a failed one is dismissed"_s.arg(
                snapshot.id.text(), nameOf(snapshot.status)));
    }
    SANDGLASS_TRY(const RemovedSnapshot removed, remove(request));
    return removed.operation.value_or(OperationId());
}

Result<QList<Sandbox>> SnapshotService::sandboxesFrom(const SnapshotId &id)
{
    return m_database.read(
        [&id](Session &session) { return SandboxRepository(session).restoredFrom(id); });
}

Result<RestorePlan> SnapshotService::plan(const RestoreRequest &request)
{
    return m_database.read([&request](Session &session) { return makePlan(session, request); });
}

Done SnapshotService::checkImageIsThere(const RestoreRequest &request, const IdempotencyKey &key)
{
    SANDGLASS_TRY(
        const auto plan,
        m_database.read([&](Session &session) -> Result<std::optional<RestorePlan>> {
            SANDGLASS_TRY(
                const auto repeated,
                OperationRepository(session).findRepeated(
                    request.namespaceName, OperationKind::RestoreSnapshot, key));
            if (repeated)
                return std::optional<RestorePlan>();
            SANDGLASS_TRY(const RestorePlan made, makePlan(session, request));
            return std::optional(made);
        }));
    if (!plan || !plan->fromSnapshot || !plan->pullFrom.isEmpty() || !plan->canRun())
        return {};
    const TimeLimit limit(liveCheckLimit);
    const auto engine = m_connections.reopen(plan->engine, limit.token());
    if (!engine)
        return {};
    const auto image = findSnapshotImage(**engine, plan->image, plan->snapshot, limit.token());
    if (!image || *image) // an engine that does not answer in time is asked again by the operation
        return {};
    SANDGLASS_TRY(const bool isInRegistry, m_database.read([&](Session &session) -> Result<bool> {
        SANDGLASS_TRY(const Snapshot snapshot, SnapshotRepository(session).find(plan->snapshot));
        SANDGLASS_TRY(const QList<Registry> registries, RegistryRepository(session).list());
        return nearestRegistryCopy(snapshot, registries).has_value();
    }));
    if (isInRegistry)
        return {}; // the operation pulls it
    return failure(
        ErrorKind::Conflict,
        u"the image %1 of snapshot %2 is not on engine %3 any more; nothing was made"_s.arg(
            plan->image, plan->snapshot.text(), plan->engine.text()));
}

Result<StartedRestore> SnapshotService::restore(const RestoreRequest &request)
{
    SANDGLASS_CHECK(checkDisplayName(request.displayName));
    if (request.reason.size() > longestNote) {
        return failure(
            ErrorKind::InvalidArgument,
            u"the reason is longer than %1 characters"_s.arg(longestNote));
    }
    const IdempotencyKey key = idempotencyOf(
        request.idempotencyKey,
        {{u"snapshot"_s, request.snapshot.text()},
         {u"force"_s, request.wish.force == ForceRestore::Yes},
         {u"engine"_s, request.wish.engine ? request.wish.engine->text() : QString()},
         {u"reason"_s, request.reason},
         {u"name"_s, request.displayName}});
    SANDGLASS_CHECK(checkImageIsThere(request, key));
    const auto started = m_database.write([&](Session &session) -> Result<StartedRestore> {
        OperationRepository operations(session);
        SANDGLASS_TRY(
            const auto repeated,
            operations.findRepeated(request.namespaceName, OperationKind::RestoreSnapshot, key));
        if (repeated)
            return startedRestore(*repeated);
        SANDGLASS_TRY(const RestorePlan plan, makePlan(session, request));
        SANDGLASS_CHECK(refuseFailedChecks(plan));

        Sandbox sandbox;
        sandbox.id = SandboxId::generate();
        sandbox.namespaceName = request.namespaceName;
        sandbox.displayName = request.displayName;
        sandbox.engine = plan.engine;
        sandbox.config = plan.config;
        if (plan.fromSnapshot)
            sandbox.restoredFrom = plan.snapshot;
        sandbox.createdAt = sandbox.changedAt = sandbox.confirmedAt = session.now();

        Operation operation = newOperation(
            OperationKind::RestoreSnapshot, request.namespaceName, request.caller, session.now());
        operation.engine = plan.engine;
        operation.sandbox = sandbox.id;
        operation.snapshot = plan.snapshot;
        operation.inputs = restoreInputs(plan, request.reason);

        SANDGLASS_CHECK(SandboxRepository(session).insert(sandbox));
        if (plan.fromSnapshot)
            SANDGLASS_CHECK(noteUse(session, plan.snapshot));
        SANDGLASS_CHECK(journal(session, operation, plan.snapshot.text(), key, request.reason));
        SANDGLASS_CHECK(appendAudit(
            session,
            {request.caller,
             nameOf(operation.kind),
             sandbox.id.text(),
             u"requested from "_s + plan.snapshot.text(),
             request.reason}));
        return startedRestore(operation);
    });
    m_runner.wake();
    return started;
}

} // namespace sandglass
