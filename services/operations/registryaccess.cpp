#include "services/operations/registryaccess.h"

#include "services/core/errorsentence.h"
#include "services/core/logging.h"
#include "services/secrets/registryauthheader.h"
#include "services/secrets/registrycredentials.h"
#include "services/storage/database.h"
#include "services/storage/registryrepository.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds usualPause = 30s; // when it does not say how long
constexpr std::chrono::seconds longestPause = 1h; // then it is asked whether it still means it

bool isAboutCredentials(const Error &error)
{
    return error.kind == ErrorKind::CredentialsMissing || error.kind == ErrorKind::CredentialsLocked
        || error.kind == ErrorKind::CredentialHelper;
}

/// Whether the registry is at fault, or the way to it; not what was asked of it.
bool isAboutRegistry(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Unreachable:
    case ErrorKind::TimedOut:
    case ErrorKind::Untrusted:
    case ErrorKind::Unauthorized:
    case ErrorKind::PermissionDenied:
    case ErrorKind::Protocol:
    case ErrorKind::Registry:
    case ErrorKind::RateLimited:
        return true;
    default:
        return false;
    }
}

} // namespace

Secret OpenRegistry::engineLogin() const
{
    return registryAuthHeader(credential, serverAddressOf(registry.host));
}

RegistryAccess::RegistryAccess(
    Database &database, RegistryCredentials &credentials, const Clock &clock)
    : m_database(database)
    , m_credentials(credentials)
    , m_clock(clock)
{ }

Result<OpenRegistry> RegistryAccess::open(const RegistryName &name, const CancelToken &cancel)
{
    OpenRegistry opened;
    SANDGLASS_TRY(opened.registry, m_database.read([&name](Session &session) {
        return RegistryRepository(session).find(name);
    }));
    if (opened.registry.pausedUntil) {
        const auto left = *opened.registry.pausedUntil - m_clock.now();
        // More than the longest pause was written before the clock stepped back.
        if (left > 0ms && left <= longestPause) {
            Error error{
                ErrorKind::RateLimited,
                u"registry %1 wants to be left alone for a while"_s.arg(name.text()),
                opened.registry.host,
                {},
                0};
            error.retryAfter = std::chrono::ceil<std::chrono::seconds>(left);
            return failure(error);
        }
    }
    Result<std::optional<Credential>> credential = m_credentials.of(opened.registry, cancel);
    if (!credential) {
        Error error = credential.error();
        if (isAboutCredentials(error) && !opened.registry.waitsForCredentials)
            error.kind = ErrorKind::Unauthorized;
        return failure(error);
    }
    opened.credential = *std::move(credential);
    opened.client = std::make_unique<RegistryClient>(opened.registry, opened.credential);
    return opened;
}

void RegistryAccess::note(const RegistryName &name, const std::optional<Error> &error)
{
    if (error && !isAboutRegistry(*error))
        return;
    const Done noted = m_database.write([&](Session &session) -> Done {
        RegistryRepository registries(session);
        if (error && error->kind == ErrorKind::RateLimited) {
            const auto pause = std::clamp(error->retryAfter.value_or(usualPause), 1s, longestPause);
            return registries.pause(name, m_clock.now() + pause);
        }
        return registries.noteAnswer(name, error ? sentenceFor(*error).text() : QString());
    });
    if (!noted)
        qCWarning(operationsLog) << "note about a registry:" << noted.error().summary();
}

bool isWorthWaitingForRegistry(const Error &error)
{
    return error.kind == ErrorKind::RateLimited || isAboutCredentials(error);
}

} // namespace sandglass
