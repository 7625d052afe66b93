#pragma once

#include "services/core/canceltoken.h"
#include "services/core/result.h"
#include "services/core/secret.h"

#include <QString>

#include <optional>

namespace sandglass {

/// Where secrets are kept, each under a key. Calls block, on any thread but the main one.
///
/// CredentialsMissing: there is no keychain, or it cannot be used; the detail says what is missing.
/// CredentialsLocked: it is locked, or its question was dismissed or not answered in time.
/// TimedOut: it is silent. Cancelled. Internal: called on the main thread.
class SecretStore
{
public:
    SecretStore() = default;
    virtual ~SecretStore() = default;
    SecretStore(const SecretStore &) = delete;
    SecretStore &operator=(const SecretStore &) = delete;

    /// Nothing: the store is open and has no such key.
    [[nodiscard]] virtual Result<std::optional<Secret>>
    read(const QString &key, const CancelToken &cancel) = 0;

    /// Keeps an UTF-8 text, in the place of what was there. It was read back when this succeeds.
    [[nodiscard]] virtual Done
    write(const QString &key, const Secret &secret, const CancelToken &cancel) = 0;

    /// The key is gone when this succeeds; also when it never was there.
    [[nodiscard]] virtual Done remove(const QString &key, const CancelToken &cancel) = 0;

    /// Whether it can be used now. Never asks people anything.
    [[nodiscard]] virtual Done check(const CancelToken &cancel) = 0;
};

} // namespace sandglass
