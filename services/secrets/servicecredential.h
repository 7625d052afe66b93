#pragma once

#include "services/core/result.h"
#include "services/domain/credential.h"
#include "services/domain/identifiers.h"

namespace sandglass {

/// Parses what an operator gives to systemd: JSON {"username","password"}, or user:password in one
/// line. CredentialsMissing: it is neither.
[[nodiscard]] Result<Credential> parseServiceCredential(const QByteArray &bytes);

/// Reads the file "registry.{name}" in the folder that systemd made for this service from
/// LoadCredential= ($CREDENTIALS_DIRECTORY; empty: it made none). CredentialsMissing: there is
/// none, it may be read by everybody, or it says nothing. Reads a file; any thread.
[[nodiscard]] Result<Credential>
serviceCredential(const QString &folder, const RegistryName &registry);

} // namespace sandglass
