#pragma once

#include "services/core/canceltoken.h"
#include "services/core/result.h"
#include "services/domain/credential.h"

#include <chrono>

namespace sandglass {

/// "<token>": Docker's word for the user when the secret is an identity token.
[[nodiscard]] QString identityTokenUser();

/// Asks the program docker-credential-{name} for the credential of a registry. What it says may be
/// valid for hours only: ask at each use, and keep nothing. Blocks, on a worker thread.
///
/// CredentialsMissing: the program has none. CredentialHelper: it is not installed, failed, was
/// silent until the limit or talks nonsense. InvalidArgument: the name is none. Cancelled.
[[nodiscard]] Result<Credential> dockerCredential(
    const QString &name,
    const QString &serverAddress,
    const CancelToken &cancel,
    std::chrono::milliseconds limit = std::chrono::seconds(30));

/// Parses the answer of such a program: {"ServerURL","Username","Secret"}; the user name "<token>"
/// gives an identity token. CredentialHelper otherwise, never with the answer in it.
[[nodiscard]] Result<Credential> parseDockerCredential(const QByteArray &answer);

/// The first line of what a failing program said, for an error. Empty when it may hold a secret.
[[nodiscard]] QString harmlessLine(const QByteArray &words);

} // namespace sandglass
