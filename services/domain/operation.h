#pragma once

#include "services/core/clock.h"
#include "services/domain/caller.h"
#include "services/domain/identifiers.h"
#include "services/domain/transferprogress.h"

#include <QJsonObject>
#include <QList>

#include <optional>

namespace sandglass {

enum class OperationKind {
    CreateSandbox,
    TerminateSandbox,
    CreateSnapshot,
    RestoreSnapshot,
    DeleteSnapshot,
    PushSnapshot, ///< from its engine to a registry
    PullSnapshot, ///< from a registry to an engine
};

enum class OperationState {
    Queued,
    Running,
    Waiting, ///< an attempt did not work; the next is at nextAttemptAt
    Undoing, ///< failed or cancelled; what was half done is being undone, for as long as that takes
    Succeeded,
    Failed,
    Cancelled,
};

[[nodiscard]] QString nameOf(OperationKind kind);
[[nodiscard]] OperationKind operationKindFrom(const QString &name); ///< unknown gives CreateSandbox
[[nodiscard]] QString nameOf(OperationState state);
[[nodiscard]] OperationState operationStateFrom(const QString &name); ///< unknown gives Failed
[[nodiscard]] bool isFinished(OperationState state);
/// Whether it moves an image over the network, which may take hours.
[[nodiscard]] bool isTransfer(OperationKind kind);

/// One step as the journal knows it.
struct OperationStep
{
    QString name; ///< "commit"
    std::optional<Timestamp> startedAt; ///< empty while it has not begun
    std::optional<Timestamp> finishedAt; ///< set once its effect is there
    int attempts = 0;

    bool operator==(const OperationStep &) const = default;
};

/// One journalled piece of work.
struct Operation
{
    OperationId id;
    OperationKind kind = OperationKind::CreateSandbox;
    NamespaceName namespaceName;
    EngineName engine; ///< the one that it works on; whoever holds that engine's lease drives it
    SandboxId sandbox; ///< what it is about; empty when not about a sandbox
    SnapshotId snapshot; ///< what it is about; empty when not about a snapshot
    OperationState state = OperationState::Queued;
    QJsonObject inputs; ///< everything that was asked for; never a secret
    QJsonObject memory; ///< what finished steps found out, for later steps and for an undo
    QList<OperationStep> steps;
    TransferProgress progress; ///< of what it pushes or pulls; without layers otherwise
    QString error; ///< the last failure in words for people; empty when there was none
    QString errorKind; ///< its kind, see nameOf(ErrorKind)
    bool cancelRequested = false;
    int attempts = 0;
    Timestamp createdAt;
    std::optional<Timestamp> startedAt;
    std::optional<Timestamp> finishedAt;
    std::optional<Timestamp> nextAttemptAt;
    Caller requestedBy;
    qint64 changeSeq = 0;

    bool operator==(const Operation &) const = default;

    /// The step that runs or would run next; empty when all are done.
    [[nodiscard]] QString currentStep() const;
};

} // namespace sandglass
