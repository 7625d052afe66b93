#include "services/storage/operationrepository.h"

#include "services/core/json.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString selectOperation = u"SELECT id, kind, namespace, engine, sandbox, snapshot, state, "
                                u"inputs, memory, error, error_kind, "
                                "cancel_requested, attempts, created_at, started_at, finished_at, "
                                "next_attempt_at, requested_by, changed_seq, progress "
                                "FROM operations "_s;

Result<Operation> operationFrom(const Query &row)
{
    Operation operation;
    operation.id = OperationId::trusted(row.value(0).toString());
    operation.kind = operationKindFrom(row.value(1).toString());
    operation.namespaceName = NamespaceName::trusted(row.value(2).toString());
    operation.engine = EngineName::trusted(row.value(3).toString());
    operation.sandbox = SandboxId::trusted(row.value(4).toString());
    operation.snapshot = SnapshotId::trusted(row.value(5).toString());
    operation.state = operationStateFrom(row.value(6).toString());
    const auto inputs = parseJsonObject(row.value(7).toByteArray());
    const auto memory = parseJsonObject(row.value(8).toByteArray());
    if (nameOf(operation.kind) != row.value(1).toString()
        || nameOf(operation.state) != row.value(6).toString() || !inputs || !memory) {
        return failure(rowError(
            operation.id.text(), u"an unknown kind or state, or inputs that are not JSON"_s));
    }
    operation.inputs = *inputs;
    operation.memory = *memory;
    operation.error = row.value(9).toString();
    operation.errorKind = row.value(10).toString();
    operation.cancelRequested = row.value(11).toBool();
    operation.attempts = row.value(12).toInt();
    operation.createdAt = fromMilliseconds(row.value(13).toLongLong());
    operation.startedAt = timeFrom(row.value(14));
    operation.finishedAt = timeFrom(row.value(15));
    operation.nextAttemptAt = timeFrom(row.value(16));
    operation.requestedBy = Caller::parse(row.value(17).toString());
    operation.changeSeq = row.value(18).toLongLong();
    if (const QByteArray progress = row.value(19).toByteArray(); !progress.isEmpty()) {
        SANDGLASS_TRY(operation.progress, TransferProgress::fromJson(progress));
    }
    return operation;
}

OperationStep stepFrom(const Query &row)
{
    OperationStep step;
    step.name = row.value(0).toString();
    step.startedAt = timeFrom(row.value(1));
    step.finishedAt = timeFrom(row.value(2));
    step.attempts = row.value(3).toInt();
    return step;
}

} // namespace

Result<QList<Operation>>
OperationRepository::selectWithoutSteps(const QString &selection, const QVariantList &values)
{
    SANDGLASS_TRY(Query query, m_session.run(selectOperation + selection, values));
    QList<Operation> operations;
    while (query.next()) {
        SANDGLASS_TRY(Operation operation, operationFrom(query));
        operations.append(operation);
    }
    return operations;
}

Result<QList<Operation>>
OperationRepository::select(const QString &selection, const QVariantList &values)
{
    SANDGLASS_TRY(QList<Operation> operations, selectWithoutSteps(selection, values));
    QHash<QString, qsizetype> positions;
    for (qsizetype i = 0; i < operations.size(); ++i)
        positions.insert(operations.at(i).id.text(), i);
    SANDGLASS_TRY(
        Query steps,
        m_session.run(
            u"SELECT name, started_at, finished_at, attempts, operation FROM operation_steps WHERE "
            u"operation IN (SELECT id FROM operations "_s
                + selection + u") ORDER BY position"_s,
            values));
    while (steps.next()) {
        if (const auto it = positions.constFind(steps.value(4).toString());
            it != positions.constEnd())
            operations[*it].steps.append(stepFrom(steps));
    }
    return operations;
}

Done OperationRepository::insert(const Operation &operation, const IdempotencyKey &key)
{
    SANDGLASS_TRY(
        const qint64 seq, m_session.recordChange(Change::Subject::Operation, operation.id.text()));
    const QVariant none{QMetaType(QMetaType::QString)};
    SANDGLASS_CHECK(m_session.run(
        u"INSERT INTO operations (id, kind, namespace, engine, sandbox, snapshot, state, inputs, "
        u"memory, error, "
        "error_kind, cancel_requested, attempts, created_at, requested_by, idempotency_key, "
        "request_digest, "
        "created_seq, changed_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', 0, 0, ?, ?, ?, ?, ?, ?)"_s,
        {operation.id.text(),
         nameOf(operation.kind),
         operation.namespaceName.text(),
         operation.engine.text(),
         nonNull(operation.sandbox.text()),
         nonNull(operation.snapshot.text()),
         nameOf(operation.state),
         QString::fromUtf8(toBytes(operation.inputs)),
         QString::fromUtf8(toBytes(operation.memory)),
         toMilliseconds(operation.createdAt),
         operation.requestedBy.text(),
         key.key.isEmpty() ? none : QVariant(key.key),
         key.key.isEmpty() ? none : QVariant(key.requestDigest),
         seq,
         seq}));
    return planSteps(operation);
}

Done OperationRepository::planSteps(const Operation &operation)
{
    SANDGLASS_CHECK(
        m_session.run(u"DELETE FROM operation_steps WHERE operation = ?"_s, {operation.id.text()}));
    for (int position = 0; position < operation.steps.size(); ++position) {
        SANDGLASS_CHECK(m_session.run(
            u"INSERT INTO operation_steps (operation, position, name, attempts) VALUES (?, ?, ?, 0)"_s,
            {operation.id.text(), position, operation.steps.at(position).name}));
    }
    return {};
}

Result<Operation> OperationRepository::find(const OperationId &id)
{
    SANDGLASS_TRY(const QList<Operation> found, select(u"WHERE id = ?"_s, {id.text()}));
    if (found.isEmpty())
        return failure(ErrorKind::NotFound, u"operation %1"_s.arg(id.text()));
    return found.first();
}

Result<std::optional<Operation>> OperationRepository::findRepeated(
    const NamespaceName &namespaceName, OperationKind kind, const IdempotencyKey &key)
{
    if (key.key.isEmpty())
        return std::optional<Operation>();
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT id, request_digest FROM operations WHERE namespace = ? AND kind = ? AND idempotency_key = ?"_s,
            {namespaceName.text(), nameOf(kind), key.key}));
    if (!query.next())
        return std::optional<Operation>();
    if (query.value(1).toString() != key.requestDigest) {
        return failure(
            ErrorKind::Conflict, u"the idempotency key was already used for a different request"_s);
    }
    SANDGLASS_TRY(const Operation operation, find(OperationId::trusted(query.value(0).toString())));
    return std::optional(operation);
}

Result<QList<Operation>> OperationRepository::list(int finishedLimit)
{
    SANDGLASS_TRY(
        QList<Operation> operations,
        select(u"WHERE finished_at IS NULL ORDER BY created_seq DESC"_s, {}));
    SANDGLASS_TRY(
        const QList<Operation> finished,
        select(
            u"WHERE finished_at IS NOT NULL ORDER BY created_seq DESC LIMIT %1"_s.arg(
                finishedLimit),
            {}));
    operations.append(finished);
    return operations;
}

Result<QList<Operation>> OperationRepository::unfinished()
{
    return selectWithoutSteps(u"WHERE finished_at IS NULL ORDER BY created_seq"_s, {});
}

Result<QJsonObject> OperationRepository::lastInputs(const SnapshotId &snapshot, OperationKind kind)
{
    SANDGLASS_TRY(
        const QList<Operation> newest,
        selectWithoutSteps(
            u"WHERE snapshot = ? AND kind = ? ORDER BY created_seq DESC LIMIT 1"_s,
            {snapshot.text(), nameOf(kind)}));
    return newest.isEmpty() ? QJsonObject() : newest.first().inputs;
}

Done OperationRepository::save(const Operation &operation)
{
    SANDGLASS_TRY(
        const qint64 seq, m_session.recordChange(Change::Subject::Operation, operation.id.text()));
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE operations SET state = ?, memory = ?, error = ?, error_kind = ?, attempts = ?, "
        u"started_at = ?, "
        "finished_at = ?, next_attempt_at = ?, changed_seq = ? WHERE id = ?"_s,
        {nameOf(operation.state),
         QString::fromUtf8(toBytes(operation.memory)),
         nonNull(operation.error),
         nonNull(operation.errorKind),
         operation.attempts,
         toColumn(operation.startedAt),
         toColumn(operation.finishedAt),
         toColumn(operation.nextAttemptAt),
         seq,
         operation.id.text()}));
    return {};
}

Done OperationRepository::saveStep(const OperationId &id, int position, const OperationStep &step)
{
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE operation_steps SET started_at = ?, finished_at = ?, attempts = ? WHERE operation = ? AND position = ?"_s,
        {toColumn(step.startedAt), toColumn(step.finishedAt), step.attempts, id.text(), position}));
    return {};
}

Done OperationRepository::saveProgress(const OperationId &id, const TransferProgress &progress)
{
    SANDGLASS_TRY(const qint64 seq, m_session.recordChange(Change::Subject::Operation, id.text()));
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE operations SET progress = ?, changed_seq = ? WHERE id = ?"_s,
        {QString::fromUtf8(progress.toJson()), seq, id.text()}));
    return {};
}

Result<QSet<SnapshotId>> OperationRepository::beingRestored()
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT snapshot FROM operations WHERE finished_at IS NULL AND kind = ?"_s,
            {nameOf(OperationKind::RestoreSnapshot)}));
    QSet<SnapshotId> snapshots;
    while (query.next())
        snapshots.insert(SnapshotId::trusted(query.value(0).toString()));
    return snapshots;
}

Done OperationRepository::cancelTransfers(const SnapshotId &snapshot)
{
    SANDGLASS_TRY(
        const QList<Operation> unfinished,
        selectWithoutSteps(u"WHERE finished_at IS NULL AND snapshot = ?"_s, {snapshot.text()}));
    for (const Operation &operation : unfinished) {
        if (isTransfer(operation.kind))
            SANDGLASS_CHECK(requestCancel(operation.id));
    }
    return {};
}

Done OperationRepository::requestCancel(const OperationId &id)
{
    SANDGLASS_TRY(const qint64 seq, m_session.recordChange(Change::Subject::Operation, id.text()));
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE operations SET cancel_requested = 1, changed_seq = ? WHERE id = ?"_s,
        {seq, id.text()}));
    return {};
}

Result<bool> OperationRepository::isCancelRequested(const OperationId &id)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(u"SELECT cancel_requested FROM operations WHERE id = ?"_s, {id.text()}));
    return query.next() && query.value(0).toBool();
}

} // namespace sandglass
