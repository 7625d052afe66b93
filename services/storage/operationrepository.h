#pragma once

#include "services/domain/operation.h"
#include "services/storage/session.h"

#include <QSet>

namespace sandglass {

/// What makes a repeated request the same one: its key, and a digest of what it asked for.
struct IdempotencyKey
{
    QString key; ///< empty: none was given
    QString requestDigest;
};

/// The journal.
class OperationRepository
{
public:
    explicit OperationRepository(Session &session)
        : m_session(session)
    { }

    [[nodiscard]] Done
    insert(const Operation &operation, const IdempotencyKey &key = {}); ///< with its steps
    [[nodiscard]] Result<Operation> find(const OperationId &id); ///< NotFound

    /// The operation that an earlier request with this key made; nothing when there is none.
    /// Conflict when that request asked for something else.
    [[nodiscard]] Result<std::optional<Operation>>
    findRepeated(const NamespaceName &namespaceName, OperationKind kind, const IdempotencyKey &key);

    /// All that are not finished, those that were asked for last first, then the newest finished
    /// ones.
    [[nodiscard]] Result<QList<Operation>> list(int finishedLimit);
    /// In the order in which they were asked for, whatever the clock did; without their steps,
    /// which whoever drives them looks up one by one.
    [[nodiscard]] Result<QList<Operation>> unfinished();

    /// What was asked for when an operation of this kind was last begun on the snapshot; empty when
    /// none is known.
    [[nodiscard]] Result<QJsonObject> lastInputs(const SnapshotId &snapshot, OperationKind kind);

    /// Writes state, memory, error, attempts and times, not the steps and not the wish to cancel.
    [[nodiscard]] Done save(const Operation &operation);
    /// Writes the names of its steps in place of those that it had, none begun.
    [[nodiscard]] Done planSteps(const Operation &operation);
    [[nodiscard]] Done saveStep(const OperationId &id, int position, const OperationStep &step);
    /// Writes how far its transfer is.
    [[nodiscard]] Done saveProgress(const OperationId &id, const TransferProgress &progress);
    [[nodiscard]] Result<QSet<SnapshotId>> beingRestored(); ///< by operations that are not finished
    /// Cancels what still pushes or pulls the snapshot.
    [[nodiscard]] Done cancelTransfers(const SnapshotId &snapshot);
    [[nodiscard]] Done requestCancel(const OperationId &id);
    [[nodiscard]] Result<bool> isCancelRequested(const OperationId &id);

private:
    [[nodiscard]] Result<QList<Operation>>
    selectWithoutSteps(const QString &selection, const QVariantList &values);
    [[nodiscard]] Result<QList<Operation>>
    select(const QString &selection, const QVariantList &values);
    Session &m_session;
};

} // namespace sandglass
