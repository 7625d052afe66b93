#pragma once

#include "services/domain/audit.h"
#include "services/storage/session.h"

namespace sandglass {

/// Appends to the audit; in the transaction of the change that it is about.
[[nodiscard]] Done appendAudit(Session &session, const AuditEntry &entry);

/// Newest first.
[[nodiscard]] Result<QList<AuditRecord>> listAudit(Session &session, const AuditFilter &filter);

/// Chains what schema 1 kept unchained; ends the migration to schema 2.
[[nodiscard]] Done chainOldAudit(Session &session);

/// For a SELECT that auditRecordFrom() reads the first columns of.
[[nodiscard]] QString auditColumns();
[[nodiscard]] AuditRecord auditRecordFrom(const Query &row);

} // namespace sandglass
