#pragma once

#include "services/core/canceltoken.h"
#include "services/docker/dockerclient.h"
#include "services/domain/engine.h"
#include "services/domain/sandbox.h"

namespace sandglass {

class Database;
class EngineConnections;

/// What a look asks an engine for.
enum class LookAt {
    Everything,
    Objects, ///< not its version and facts, for which an engine starts programs of its own
};

/// What following an engine needs to know after a look at it.
struct EngineLook
{
    EngineEndpoint endpoint; ///< that answered
    ApiVersion api;
    /// The engine's clock when the look began: events since then may be news. Nothing after a look
    /// at its objects only.
    std::optional<Timestamp> engineTime;
};

/// Looks at an engine and writes what is true: that it is connected, the status of its sandboxes,
/// which snapshots' images are there; holds the images that they rest on; and removes what the
/// engine finished too late (see strays.h). Blocks; a worker thread.
[[nodiscard]] Result<EngineLook> syncEngine(
    Database &database,
    EngineConnections &connections,
    const EngineName &name,
    LookAt what,
    const CancelToken &cancel);

/// Asks whether it lives, and writes that down. Blocks; a worker thread.
[[nodiscard]] Done checkEngine(
    Database &database,
    EngineConnections &connections,
    const EngineName &name,
    const CancelToken &cancel);

/// Writes down that it does not answer, why, and when it is tried again.
[[nodiscard]] Done markUnreachable(
    Database &database, const EngineName &name, const Error &error, Timestamp nextAttempt);

/// The status of a sandbox, given its container as the engine lists it (nothing: it is not listed).
/// What an operation is changing right now is left alone. Pure.
[[nodiscard]] SandboxStatus
observedStatus(SandboxStatus known, const std::optional<QString> &containerState, bool frozenByUs);

} // namespace sandglass
