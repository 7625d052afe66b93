#pragma once

#include "services/domain/caller.h"
#include "services/domain/operation.h"
#include "services/domain/sandbox.h"

namespace sandglass {

class Clock;
class Database;
class OperationRunner;

struct CreateSandboxRequest
{
    NamespaceName namespaceName;
    QString displayName; ///< may be empty
    QString image;
    std::optional<QStringList> entrypoint; ///< nothing: the image's
    std::optional<double> cpus; ///< nothing: no limit
    std::optional<qint64> memoryMegabytes; ///< nothing: no limit
    qint64 timeoutSeconds = 0; ///< 0 = never
    QStringList secretNames;
    QString
        networkMode; ///< "none", "bridge", "host" or a network's name; empty: the engine's default
    std::optional<EngineName>
        engine; ///< nothing: the only engine, else the first by name that is connected
    QString idempotencyKey; ///< a repeated request with the same key gives the first one's answer;
                            ///< empty: none
    Caller caller;
};

/// Whether a container that others made may be removed.
enum class AdoptedContainer { Keep, Remove };

/// A sandbox that is on its way, and the operation that makes it.
struct StartedSandbox
{
    SandboxId sandbox;
    OperationId operation;
};

/// What the window and the API do with sandboxes. Every method blocks for the database only, and
/// may be called on any worker thread.
class SandboxService
{
public:
    SandboxService(Database &database, OperationRunner &runner, const Clock &clock);

    /// Reserves and journals; the sandbox is Pending. InvalidArgument, NotFound (engine), Conflict
    /// (the idempotency key was used for another request; no engine is known).
    [[nodiscard]] Result<StartedSandbox> create(const CreateSandboxRequest &request);

    /// Those of a namespace, or of all; without the terminated ones. Ordered by creation.
    [[nodiscard]] Result<QList<Sandbox>> list(const std::optional<NamespaceName> &namespaceName);

    [[nodiscard]] Result<Sandbox> find(const NamespaceName &namespaceName, const SandboxId &id);
    [[nodiscard]] Result<Sandbox> find(const SandboxId &id);

    /// Terminates: its container and the container's anonymous volumes go. NotFound; Conflict when
    /// it is already going, or when its container is one that others made and `adopted` does not
    /// say that this is meant.
    [[nodiscard]] Result<OperationId> terminate(
        const NamespaceName &namespaceName,
        const SandboxId &id,
        const Caller &caller,
        AdoptedContainer adopted = AdoptedContainer::Keep);

    /// Terminates the sandboxes that are older than their timeout.
    [[nodiscard]] Done terminateTimedOut();

private:
    Database &m_database;
    OperationRunner &m_runner;
    const Clock &m_clock;
};

} // namespace sandglass
