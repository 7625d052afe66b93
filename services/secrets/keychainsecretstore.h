#pragma once

#include "services/secrets/libsecret.h"
#include "services/secrets/mainthread.h"
#include "services/secrets/secretstore.h"

#include <chrono>

namespace sandglass {

/// The keychain of the person's session, through QtKeychain, under the service "sandglass". There
/// is no plain-text fallback. Created on the main thread, which must run its event loop.
///
/// To QtKeychain a locked keychain is an empty one, and removing from it succeeds (seen with 0.13.2
/// and gnome-keyring 42): so the Secret Service is asked first, and what was written or removed is
/// read back.
class KeychainSecretStore final : public SecretStore
{
public:
    /// Within the limit each call ends, also when a person is asked to unlock the keychain, which
    /// happens only where there is a display.
    explicit KeychainSecretStore(std::chrono::milliseconds limit = std::chrono::minutes(2));

    [[nodiscard]] Result<std::optional<Secret>>
    read(const QString &key, const CancelToken &cancel) override;
    [[nodiscard]] Done
    write(const QString &key, const Secret &secret, const CancelToken &cancel) override;
    [[nodiscard]] Done remove(const QString &key, const CancelToken &cancel) override;
    [[nodiscard]] Done check(const CancelToken &cancel) override;

private:
    class Call;

    std::chrono::milliseconds m_limit;
    MainThread m_mainThread;
    Libsecret m_libsecret;
};

} // namespace sandglass
