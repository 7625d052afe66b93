#pragma once

#include "services/core/clock.h"
#include "services/core/result.h"

#include <QSqlDatabase>

namespace sandglass {

/// Writes a copy of the open database beside its file, "sandglass.db.schema-1.20240131T120000Z"
/// (mode 0600), before a migration changes it; of such copies the newest five stay. The copy is
/// whole and on the disk when it has that name. StorageFull, Storage; then there is no copy.
[[nodiscard]] Done copyBeforeMigration(QSqlDatabase &connection, int schemaVersion, Timestamp now);

} // namespace sandglass
