#pragma once

#include "services/core/canceltoken.h"
#include "services/docker/dockerclient.h"
#include "services/domain/operation.h"
#include "services/storage/database.h"

#include <functional>
#include <span>

namespace sandglass {

class EngineConnections;
class RegistryAccess;

/// What a step works with. Lives for one attempt of one operation, on one thread.
struct StepContext
{
    Database &database;
    EngineConnections &connections; ///< for what must go on beside a call that blocks
    RegistryAccess &registries;
    DockerClient &engine; ///< the operation's engine
    const Clock &clock;
    /// Ends pending requests: somebody cancelled, or the program stops. Not for those that make
    /// something: an engine goes on with them, after the undo has looked.
    CancelToken abort;
    CancelToken cancel; ///< somebody cancelled
    CancelToken interrupt; ///< the program stops; the operation goes on at the next start
    Operation &operation; ///< its memory is written with the end of the step, or by remember()
    std::function<Done()> save; ///< writes the operation into the journal

    /// Writes a fact down now, before the step goes on: what must be known after a crash in the
    /// next call.
    [[nodiscard]] Done remember(const QString &name, const QJsonValue &value);
};

using Step = Done (*)(StepContext &);

struct StepDefinition
{
    QString name; ///< as people read it: "pause"
    Step run; ///< idempotent: it first looks whether its effect is already there
    QString retryFrom =
        {}; ///< the earlier step with which a new attempt begins again; empty: with this one
};

/// One operation kind as a table.
struct OperationDefinition
{
    OperationKind kind = OperationKind::CreateSandbox;
    QList<StepDefinition> steps;
    /// Makes the subject what was asked for, in the transaction that ends the operation. Null: the
    /// last step did.
    Done (*markSucceeded)(Session &, const Operation &) = nullptr;
    /// Marks the subject as failed, or as what it was before; in the transaction that begins the
    /// undo.
    std::function<Done(Session &, const Operation &, const QString &reason)> markFailed;
    /// Puts right at the engine what was half done; repeated until it works.
    Step undo = nullptr;
    /// After an attempt that did not work and before the next: nothing may be left standing still
    /// meanwhile.
    Step relax = nullptr;
    /// Whether an error ends by itself one day and is worth waiting for without a limit.
    bool (*isWorthWaiting)(const Error &) = nullptr;
};

[[nodiscard]] OperationDefinition createSandboxDefinition();
[[nodiscard]] OperationDefinition terminateSandboxDefinition();
[[nodiscard]] OperationDefinition createSnapshotDefinition();
[[nodiscard]] OperationDefinition restoreSnapshotDefinition();
[[nodiscard]] OperationDefinition deleteSnapshotDefinition();
[[nodiscard]] OperationDefinition pushSnapshotDefinition();
[[nodiscard]] OperationDefinition pullSnapshotDefinition();

/// Of every kind.
[[nodiscard]] std::span<const OperationDefinition> operationDefinitions();
[[nodiscard]] const OperationDefinition &definitionOf(OperationKind kind);

/// Where a step stands in the table; the number of steps when it is not in it.
[[nodiscard]] int positionOf(const OperationDefinition &definition, const QString &stepName);

/// The steps of a new operation, none begun.
[[nodiscard]] QList<OperationStep> plannedSteps(OperationKind kind);

/// Whether it was planned with these steps, not by another version of the program.
[[nodiscard]] bool hasPlannedSteps(const Operation &operation);

} // namespace sandglass
