#pragma once

#include "services/core/result.h"
#include "services/core/secret.h"

namespace sandglass {

/// The token that callers of the API must show. Reads it from `file`, or creates the file first
/// (mode 0600, 32 random bytes as base64url); of several programs that do so at once all get the
/// same. PermissionDenied when others than the owner may read or write the file, or somebody else
/// owns it; InvalidArgument when what it holds is no token of at least 32 visible characters, or it
/// cannot be read or written.
[[nodiscard]] Result<Secret> loadOrCreateApiToken(const QString &file);

} // namespace sandglass
