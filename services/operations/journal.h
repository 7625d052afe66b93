#pragma once

#include "services/domain/caller.h"
#include "services/storage/operationrepository.h"

namespace sandglass {

/// The key of a request with a digest of what it asks for, so that a key that is used again for
/// something else is seen.
[[nodiscard]] IdempotencyKey idempotencyOf(const QString &key, const QJsonObject &request);

/// An operation that is asked for now, with its steps planned; its subjects, engine and inputs are
/// the caller's to fill in.
[[nodiscard]] Operation newOperation(
    OperationKind kind, const NamespaceName &namespaceName, const Caller &caller, Timestamp now);

/// Writes an operation into the journal, and into the audit that it was requested: for which
/// `subject`, and with the operator's `reason` where one is asked for.
[[nodiscard]] Done journal(
    Session &session,
    const Operation &operation,
    const QString &subject,
    const IdempotencyKey &key = {},
    const QString &reason = {});

} // namespace sandglass
