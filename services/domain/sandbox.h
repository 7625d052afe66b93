#pragma once

#include "services/core/clock.h"
#include "services/domain/identifiers.h"
#include "services/domain/sandboxconfig.h"

#include <optional>

namespace sandglass {

enum class SandboxStatus {
    Pending, ///< being created or restored
    Running,
    Paused, ///< frozen by somebody else than a running snapshot
    Stopped, ///< the container exists and does not run
    Terminating,
    Terminated, ///< the container is gone, by our doing
    Failed, ///< could not be created; see error
    Missing, ///< the container vanished behind our back
    Released, ///< let go of; the container is no business of ours any more
};

/// Who made the container.
enum class SandboxOrigin {
    Created, ///< Sandglass
    Adopted, ///< somebody else; only the database knows that it is looked after here
};

[[nodiscard]] QString nameOf(SandboxOrigin origin); ///< "created", "adopted"
[[nodiscard]] SandboxOrigin sandboxOriginFrom(const QString &name); ///< unknown gives Created

[[nodiscard]] QString nameOf(SandboxStatus status); ///< as in database and API: "running"
[[nodiscard]] SandboxStatus sandboxStatusFrom(const QString &name); ///< unknown gives Failed

/// A container that Sandglass looks after on one engine.
struct Sandbox
{
    SandboxId id;
    NamespaceName namespaceName;
    QString displayName; ///< what people call it; may be empty
    EngineName engine;
    SandboxOrigin origin = SandboxOrigin::Created;
    QString containerId; ///< empty until the container exists
    SandboxStatus status = SandboxStatus::Pending;
    SandboxConfig config; ///< the original configuration
    SnapshotId
        restoredFrom; ///< whose filesystem it began with; empty when it began with config.image
    QString error; ///< why it failed, one line; empty otherwise
    Timestamp createdAt;
    Timestamp changedAt; ///< of the last change of status
    Timestamp confirmedAt; ///< when the engine last said that status was true
    qint64 changeSeq = 0;

    bool operator==(const Sandbox &) const = default;
};

/// "sandglass-{id}": the container's name, by which an interrupted creation finds it again.
[[nodiscard]] QString containerName(const SandboxId &id);

/// What people call a sandbox: at most 128 characters, none of them a control character; may be
/// empty. InvalidArgument otherwise.
[[nodiscard]] Done checkDisplayName(const QString &name);

/// Whether its filesystem can be kept now: running or paused.
[[nodiscard]] bool canSnapshot(SandboxStatus status);

/// Whether there is, or may be, a container to remove or to let go of.
[[nodiscard]] bool canTerminate(SandboxStatus status);

} // namespace sandglass
