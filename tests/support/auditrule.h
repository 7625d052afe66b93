#pragma once

#include <QString>

namespace sandglass {

/// From now on the database refuses to commit a change of the state of a sandbox, a snapshot, an
/// engine or a setting, when no audit record about it is appended after it in the same transaction.
/// `file` must have its schema; doing it
/// again does nothing. Ends the test program when that cannot be set up.
void refuseUnauditedChanges(const QString &file);

} // namespace sandglass
