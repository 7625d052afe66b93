#pragma once

#include "services/domain/audit.h"
#include "services/storage/session.h"

namespace sandglass {

/// Reads the whole audit, as it is at one moment, and tells which records were changed, moved,
/// inserted or removed, also at the end. Who can write the database can forge a whole chain anew:
/// against that, compare lastSeq and lastHash with a copy that is kept elsewhere.
[[nodiscard]] Result<AuditReport> verifyAudit(Session &session);

} // namespace sandglass
