#pragma once

#include "services/core/secret.h"
#include "services/domain/credential.h"

#include <optional>

namespace sandglass {

/// The value of X-Registry-Auth, with which an engine logs in at a registry: base64url with padding
/// (fact P5). Without a credential it is that of "{}". The address is serverAddressOf(host).
[[nodiscard]] Secret
registryAuthHeader(const std::optional<Credential> &credential, const QString &serverAddress);

} // namespace sandglass
