#pragma once

#include "services/domain/caller.h"
#include "services/domain/credential.h"
#include "services/domain/operation.h"
#include "services/domain/registry.h"
#include "services/registry/registryprobe.h"
#include "services/secrets/registrycredentials.h"

#include <functional>
#include <optional>

namespace sandglass {

class Database;
class OperationRunner;
class RegistryAccess;
class Session;
struct IdempotencyKey;
struct Snapshot;

struct PutRegistryRequest
{
    Registry registry; ///< as it shall be; what the work with it found out is kept
    std::optional<Credential> credential; ///< goes to the keychain; nothing: what is there stays
    Caller caller;
};

/// Whether a registry may be forgotten although snapshots are there, which stay there.
enum class LeaveSnapshots { No, Yes };

/// A snapshot and where else it shall be.
struct TransferRequest
{
    NamespaceName namespaceName;
    SnapshotId snapshot;
    Caller caller;
    QString idempotencyKey; ///< see CreateSandboxRequest
};

/// What the window and the API do with registries and their credentials. Any worker thread. What
/// asks a registry or the keychain blocks for it, within the limits of those; a credential goes in
/// and never comes out.
class RegistryService
{
public:
    RegistryService(
        Database &database,
        OperationRunner &runner,
        RegistryAccess &access,
        RegistryCredentials &credentials);

    [[nodiscard]] Result<QList<Registry>> list(); ///< in the order in which images are pulled
    [[nodiscard]] Result<Registry> find(const RegistryName &name);

    /// Adds it, or changes it. InvalidArgument; Conflict when host or repository of one change that
    /// has snapshots; what the keychain says when a credential is given.
    [[nodiscard]] Done put(const PutRegistryRequest &request);

    /// Forgets it, and its credential in the keychain if no other registry has the same. NotFound;
    /// Conflict while operations work with it, or while snapshots are there and may not be left
    /// there.
    [[nodiscard]] Done remove(const RegistryName &name, LeaveSnapshots leave, const Caller &caller);

    /// Removes its credential from the keychain, if no other registry has the same; it is asked
    /// without one from then on. NotFound.
    [[nodiscard]] Done removeCredential(const RegistryName &name, const Caller &caller);

    /// Tests a registry as it would be, with this credential or else with what its source has; one
    /// that is known so notes what was found out. Changes nothing there. What the source of its
    /// credentials says.
    [[nodiscard]] Result<RegistryProbe>
    test(const Registry &registry, const std::optional<Credential> &credential);

    /// Journals that the snapshot is pushed there, from an engine that has it. NotFound; Conflict
    /// when it is not active, on its way there, or on no engine, or when the idempotency key was
    /// used for another request.
    [[nodiscard]] Result<OperationId>
    push(const TransferRequest &request, const RegistryName &registry);
    /// The same for a pull to an engine. Conflict also when no registry has it.
    [[nodiscard]] Result<OperationId>
    pull(const TransferRequest &request, const EngineName &engine);

    /// Asks every registry that should have the snapshot whether it does, now.
    [[nodiscard]] Done check(const TransferRequest &request);

    /// Logins that Docker's client keeps in plain text, without what is secret in them.
    [[nodiscard]] Result<QList<ImportableLogin>> dockerLogins();
    /// Copies the one of this registry's host into the keychain, and uses it from then on.
    [[nodiscard]] Done importDockerLogin(const RegistryName &name, const Caller &caller);

private:
    /// What push and pull share. `place`: where it goes to.
    [[nodiscard]] Result<OperationId> begin(
        OperationKind kind,
        const TransferRequest &request,
        const QString &place,
        const std::function<
            Result<OperationId>(Session &, const Snapshot &, const IdempotencyKey &)> &journal);
    [[nodiscard]] Done forgetCredential(const Registry &registry);

    Database &m_database;
    OperationRunner &m_runner;
    RegistryAccess &m_access;
    RegistryCredentials &m_credentials;
};

} // namespace sandglass
