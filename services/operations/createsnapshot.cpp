#include "services/core/json.h"
#include "services/domain/imagereference.h"
#include "services/operations/baseimage.h"
#include "services/operations/containerspec.h"
#include "services/operations/planningsnapshot.h"
#include "services/operations/recordfreeimage.h"
#include "services/operations/sandboxsteps.h"
#include "services/operations/secretsearch.h"
#include "services/operations/snapshotimage.h"
#include "services/operations/thaw.h"
#include "services/operations/transferrequest.h"
#include "services/storage/auditlog.h"
#include "services/storage/registryrepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString commitStep = u"commit"_s;

/// Treats the variables in which a secret was found as if they had been declared secret.
void blank(QList<SecretFinding> &findings, QStringList &secretNames)
{
    for (SecretFinding &finding : findings) {
        if (finding.place != SecretFinding::Place::Environment || !canBeBlanked(finding.subject))
            continue;
        finding.blanked = true;
        secretNames.append(finding.subject);
    }
}

/// Whether it can be taken is decided by the plan that people see before they ask for it.
Done inspectSandbox(StepContext &context)
{
    SANDGLASS_TRY(const Sandbox sandbox, sandboxOf(context));
    SANDGLASS_TRY(const auto container, findContainer(context, sandbox, WithSize::Yes));
    if (!container) {
        return failure(
            ErrorKind::NotFound, u"sandbox %1 has no container any more"_s.arg(sandbox.id.text()));
    }
    if (!container->running) {
        return failure(
            ErrorKind::Conflict,
            u"sandbox %1 is not running, it is \"%2\""_s.arg(sandbox.id.text(), container->state));
    }
    SANDGLASS_TRY(
        const InspectedSandbox inspected,
        inspectedSandbox(context.engine, sandbox, *container, context.abort));
    SANDGLASS_TRY(
        const SnapshotPlan plan,
        planSnapshot(context.engine, context.connections, inspected, context.abort));
    QJsonObject &memory = context.operation.memory;
    memory.insert("container"_L1, container->id);
    if (inspected.image) { // else the commit itself says whether it needs it (fact C12)
        memory.insert("base_bytes"_L1, inspected.image->sizeBytes);
        memory.insert("base"_L1, baseOf(*inspected.image));
        memory.insert("base_is_held"_L1, isHeldBase(*inspected.image));
    }
    SANDGLASS_CHECK(context.database.write([&](Session &session) -> Done {
        SANDGLASS_TRY(
            Snapshot snapshot, SnapshotRepository(session).find(context.operation.snapshot));
        QList<SecretFinding> findings = secretsInEnvironment(
            toStringList(container->config["Env"_L1]), sandbox.config.secretNames);
        Sandbox described = sandbox;
        if (context.operation.inputs["scrub_environment"_L1].toBool())
            blank(findings, described.config.secretNames);
        snapshot.config = configOf(*container, described);
        snapshot.parent = sandbox.restoredFrom;
        SANDGLASS_CHECK(SnapshotRepository(session).save(snapshot));
        return SnapshotRepository(session).saveFindings(snapshot.id, findings);
    }));
    return plan.refuseFailedChecks();
}

Done holdBase(StepContext &context)
{
    const QJsonObject &memory = context.operation.memory;
    if (!memory.contains("base"_L1) || memory["base_is_held"_L1].toBool())
        return {};
    const Done held = holdBaseImage(context.engine, memory["base"_L1].toString(), context.abort);
    if (!held && held.error().kind != ErrorKind::NotFound)
        return held;
    return {};
}

Done lookForSecrets(StepContext &context)
{
    SANDGLASS_TRY(
        const QList<SecretFinding> inFiles,
        secretsInFiles(
            context.engine, context.operation.memory["container"_L1].toString(), context.abort));
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    QList<SecretFinding> findings = snapshot.findings;
    findings.removeIf([](const SecretFinding &finding) {
        return finding.place == SecretFinding::Place::File; // of an attempt before this one
    });
    findings.append(inFiles);
    if (findings != snapshot.findings) {
        SANDGLASS_CHECK(context.database.write([&](Session &session) {
            return SnapshotRepository(session).saveFindings(snapshot.id, findings);
        }));
    }
    const QString remaining = remainingSecrets(findings);
    if (remaining.isEmpty() || context.operation.inputs["findings"_L1] != "refuse"_L1)
        return {};
    return failure(
        ErrorKind::Conflict,
        u"the snapshot would hold what looks like secrets: %1; remove them, have variables "
        u"blanked, "
        "or accept them"_s.arg(remaining));
}

Done pauseSandbox(StepContext &context)
{
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    if (snapshot.pause == PauseDuringCommit::No)
        return {};
    return freeze(context, context.operation.memory["container"_L1].toString());
}

/// How large the image is that the sandbox runs from; nothing when it is not there any more.
std::optional<qint64> baseBytes(const QJsonObject &memory)
{
    if (!memory.contains("base_bytes"_L1))
        return std::nullopt;
    return memory["base_bytes"_L1].toInteger();
}

/// Overrides for what a commit would carry over (fact C7): names of secret variables, with empty
/// values.
QStringList secretOverrides(const Snapshot &snapshot)
{
    QStringList changes;
    for (const QString &name : snapshot.config.secretNames)
        changes.append(u"ENV %1="_s.arg(name));
    return changes;
}

/// Whether the commit was tried before: only then an attempt before this one may have left
/// something, or the sandbox may not stand still any more.
bool isCommitRepeated(const Operation &operation)
{
    return std::any_of(
        operation.steps.begin(), operation.steps.end(), [](const OperationStep &step) {
            return step.name == commitStep && step.attempts > 1;
        });
}

/// The image gets its name only in the next step: a commit that was interrupted here goes on in the
/// engine, and must not take the name away from the image of a later attempt when it ends. What a
/// process that died committed is taken only if the sandbox stands still since before that.
Done commitSandbox(StepContext &context)
{
    if (isCommitRepeated(context.operation)) {
        SANDGLASS_CHECK(pauseSandbox(context));
        SANDGLASS_TRY(
            const QString committed,
            committedImage(context.engine, context.operation, context.abort));
        if (!committed.isEmpty()) {
            context.operation.memory.insert("committed"_L1, committed);
            return {};
        }
    }
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    SANDGLASS_TRY(const Sandbox sandbox, sandboxOf(context));
    CommitRequest request;
    request.containerId = context.operation.memory["container"_L1].toString();
    request.comment = commitComment(context.operation);
    request.labels = imageLabels(snapshot, sandbox, baseBytes(context.operation.memory));
    request.labels.insert(label::snapshotBase, context.operation.memory["base"_L1].toString());
    request.changes = secretOverrides(snapshot);
    const ThawOnCancel thawOnCancel(context);
    SANDGLASS_TRY(const QString id, context.engine.commit(request, context.interrupt));
    context.operation.memory.insert("committed"_L1, id);
    if (context.cancel.isCancelled())
        return failure(ErrorKind::Cancelled, u"the snapshot was cancelled while it was taken"_s);
    return {};
}

/// The first variable of these that has a value although it is secret; empty for none.
QString revealedVariable(const QStringList &environment, const QStringList &secretNames)
{
    for (const QString &variable : environment) {
        const QString name = variable.section(u'=', 0, 0);
        if (secretNames.contains(name) && variable != name + u'=')
            return name;
    }
    return {};
}

Done nameImage(StepContext &context)
{
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    QString id = context.operation.memory["committed"_L1].toString();
    if (!snapshot.config.secretNames.isEmpty()) {
        SANDGLASS_TRY(const ImageDetails image, context.engine.inspectImage(id, context.abort));
        if (!revealedVariable(image.containerEnvironment, snapshot.config.secretNames).isEmpty()) {
            SANDGLASS_TRY(id, makeRecordFreeImage(context.engine, image, context.interrupt));
        }
    }
    SANDGLASS_CHECK(context.engine.tagImage(
        id, snapshotRepository, snapshotTag(snapshot.sandbox, snapshot.id), context.interrupt));
    return holdBase(context);
}

Done inspectImage(StepContext &context)
{
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    SANDGLASS_TRY(
        const auto image,
        findSnapshotImage(context.engine, snapshot.imageReference, snapshot.id, context.abort));
    if (!image) {
        return failure(
            ErrorKind::NotFound,
            u"the image %1 is not there although it was committed; somebody removed or renamed it"_s
                .arg(snapshot.imageReference));
    }
    const QString revealed = revealedVariable(
        image->environment + image->containerEnvironment, snapshot.config.secretNames);
    if (!revealed.isEmpty()) {
        return failure(
            ErrorKind::Engine,
            u"the image would hold the value of the secret variable %1"_s.arg(revealed));
    }
    const bool isFirstImage = context.operation.memory["committed"_L1].toString() == image->id
        && !isCommitRepeated(context.operation);
    if (!isFirstImage)
        SANDGLASS_CHECK(removeUnnamedImages(context.engine, snapshot.id, context.abort));
    context.operation.memory.insert("image"_L1, image->id);
    context.operation.memory.insert("image_bytes"_L1, image->sizeBytes);
    return {};
}

/// What the audit says of the secrets that are in a snapshot.
QString secretsReason(const Operation &operation, const Snapshot &snapshot)
{
    const QString remaining = remainingSecrets(snapshot.findings);
    if (remaining.isEmpty())
        return {};
    const bool accepted = operation.inputs["findings"_L1] == "accept"_L1;
    return (accepted ? u"accepted secrets: "_s : u"found secrets: "_s) + remaining;
}

/// Those of its namespace's registries that new snapshots go to by themselves.
Done requestPushes(Session &session, const Snapshot &snapshot, const Caller &caller)
{
    SANDGLASS_TRY(const QList<Registry> registries, RegistryRepository(session).list());
    for (const Registry &registry : registries) {
        if (registry.namespaces.contains(snapshot.namespaceName))
            SANDGLASS_CHECK(requestPush(session, snapshot, snapshot.engine, registry, caller));
    }
    return {};
}

Done activateSnapshot(Session &session, const Operation &operation)
{
    const QJsonObject &memory = operation.memory;
    SnapshotRepository snapshots(session);
    SANDGLASS_TRY(Snapshot snapshot, snapshots.find(operation.snapshot));
    snapshot.sizeBytes = memory["image_bytes"_L1].toInteger();
    snapshot.changedBytes = addedBytes(*snapshot.sizeBytes, baseBytes(memory));
    if (memory.contains("frozen_ms"_L1))
        snapshot.frozenMilliseconds = memory["frozen_ms"_L1].toInteger();
    SANDGLASS_CHECK(snapshots.apply(snapshot, SnapshotEvent::Committed));

    Location location;
    location.snapshot = snapshot.id;
    location.place = snapshot.engine.text();
    location.imageReference = snapshot.imageReference;
    location.imageId = memory["image"_L1].toString();
    location.changedAt = location.checkedAt = session.now();
    SANDGLASS_CHECK(snapshots.saveLocation(location));
    SANDGLASS_CHECK(requestPushes(session, snapshot, operation.requestedBy));
    return appendAudit(
        session,
        {operation.requestedBy,
         u"create_snapshot"_s,
         snapshot.id.text(),
         u"active"_s,
         secretsReason(operation, snapshot)});
}

Done markSnapshotFailed(Session &session, const Operation &operation, const QString &reason)
{
    SnapshotRepository snapshots(session);
    SANDGLASS_TRY(Snapshot snapshot, snapshots.find(operation.snapshot));
    if (snapshot.status != SnapshotStatus::Creating)
        return {};
    SANDGLASS_CHECK(
        snapshots.apply(snapshot, SnapshotEvent::CreationFailed, reason, operation.errorKind));
    return appendAudit(
        session,
        {operation.requestedBy,
         u"create_snapshot"_s,
         snapshot.id.text(),
         u"failed: "_s + reason,
         {}});
}

Done undoSnapshot(StepContext &context)
{
    SANDGLASS_CHECK(thawNow(context));
    SANDGLASS_TRY(const Snapshot snapshot, snapshotOf(context));
    SANDGLASS_TRY(
        const auto image,
        findSnapshotImage(context.engine, snapshot.imageReference, snapshot.id, context.abort));
    if (image)
        SANDGLASS_CHECK(context.engine.removeImage(snapshot.imageReference, context.abort));
    return removeUnnamedImages(context.engine, snapshot.id, context.abort);
}

} // namespace

OperationDefinition createSnapshotDefinition()
{
    OperationDefinition definition;
    definition.kind = OperationKind::CreateSnapshot;
    definition.steps = {
        {u"inspect sandbox"_s, inspectSandbox},
        {u"look for secrets"_s, lookForSecrets},
        {u"pause"_s, pauseSandbox},
        {commitStep, commitSandbox, u"pause"_s},
        {u"unpause"_s, thaw},
        {u"name image"_s, nameImage},
        {u"inspect image"_s, inspectImage},
    };
    definition.markSucceeded = activateSnapshot;
    definition.markFailed = markSnapshotFailed;
    definition.undo = undoSnapshot;
    definition.relax = thawNow;
    definition.isWorthWaiting = isForgottenPause;
    return definition;
}

} // namespace sandglass
