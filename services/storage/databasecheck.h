#pragma once

#include "services/storage/session.h"

namespace sandglass {

/// Whether the states and kinds of all rows are known ones. StorageDamaged, with the first that is
/// not. Changes nothing. Reads no more than the tables of objects, not the changes and the audit.
[[nodiscard]] Done checkDatabaseQuickly(Session &session);

/// Whether the file is sound (SQLite's quick_check and foreign keys), and whether all rows mean
/// something: somebody may have edited them by hand. StorageDamaged, with the first thing that is
/// wrong. Changes nothing. Reads the whole file: about 6 ms for 1 MB.
[[nodiscard]] Done checkDatabase(Session &session);

} // namespace sandglass
