#include "services/operations/journal.h"

#include "services/core/json.h"
#include "services/operations/operationdefinition.h"
#include "services/storage/auditlog.h"

#include <QCryptographicHash>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

IdempotencyKey idempotencyOf(const QString &key, const QJsonObject &request)
{
    const QByteArray digest =
        QCryptographicHash::hash(toBytes(request), QCryptographicHash::Sha256);
    return {key, QString::fromLatin1(digest.toHex())};
}

Operation newOperation(
    OperationKind kind, const NamespaceName &namespaceName, const Caller &caller, Timestamp now)
{
    Operation operation;
    operation.id = OperationId::generate();
    operation.kind = kind;
    operation.namespaceName = namespaceName;
    operation.createdAt = now;
    operation.requestedBy = caller;
    operation.steps = plannedSteps(kind);
    return operation;
}

Done journal(
    Session &session,
    const Operation &operation,
    const QString &subject,
    const IdempotencyKey &key,
    const QString &reason)
{
    SANDGLASS_CHECK(OperationRepository(session).insert(operation, key));
    const bool forced = operation.inputs["forced"_L1].toBool();
    return appendAudit(
        session,
        {operation.requestedBy,
         (forced ? u"force_"_s : QString()) + nameOf(operation.kind),
         subject,
         u"requested"_s,
         reason});
}

} // namespace sandglass
