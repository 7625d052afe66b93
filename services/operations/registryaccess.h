#pragma once

#include "services/domain/credential.h"
#include "services/domain/registry.h"
#include "services/registry/registryclient.h"

#include <memory>
#include <optional>
#include <type_traits>

namespace sandglass {

class Clock;
class Database;
class RegistryCredentials;

/// A registry with the credentials of this moment.
struct OpenRegistry
{
    Registry registry;
    std::optional<Credential> credential;
    std::unique_ptr<RegistryClient> client;

    /// X-Registry-Auth, by which an engine logs in there.
    [[nodiscard]] Secret engineLogin() const;
};

/// Opens registries by name, and keeps what is learned about them. Any worker thread; what it opens
/// belongs to the thread that asked.
class RegistryAccess
{
public:
    RegistryAccess(Database &database, RegistryCredentials &credentials, const Clock &clock);

    /// NotFound; RateLimited while it wants no requests; what RegistryCredentials::of() says, as
    /// Unauthorized when the registry's work does not wait for credentials.
    [[nodiscard]] Result<OpenRegistry> open(const RegistryName &name, const CancelToken &cancel);

    /// Runs `work(OpenRegistry &) -> Result<T>` and notes how it ended.
    template <class Work>
    auto use(const RegistryName &name, const CancelToken &cancel, Work work)
        -> std::invoke_result_t<Work, OpenRegistry &>
    {
        SANDGLASS_TRY(OpenRegistry opened, open(name, cancel));
        auto result = work(opened);
        note(name, result ? std::nullopt : std::optional(result.error()));
        return result;
    }

    /// What the outcome of some work says about the registry is written down: that it answers or
    /// why not, and how long it wants to be left alone (429). Nothing: the work went well.
    void note(const RegistryName &name, const std::optional<Error> &error);

private:
    Database &m_database;
    RegistryCredentials &m_credentials;
    const Clock &m_clock;
};

/// Whether an error of work with a registry ends by itself one day: it wants fewer requests, or the
/// credentials cannot be had now.
[[nodiscard]] bool isWorthWaitingForRegistry(const Error &error);

} // namespace sandglass
