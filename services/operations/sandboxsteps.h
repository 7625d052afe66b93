#pragma once

#include "services/domain/sandbox.h"
#include "services/operations/operationdefinition.h"

namespace sandglass {

// Steps that bring a sandbox's container into being; create-sandbox and restore share them. The
// input "image" says what the container is made from.

[[nodiscard]] Result<Sandbox> sandboxOf(const StepContext &context);

[[nodiscard]] Done checkImage(StepContext &context);
[[nodiscard]] Done createContainer(StepContext &context);
[[nodiscard]] Done startContainer(StepContext &context);
[[nodiscard]] Done activateSandbox(StepContext &context);

/// Removes the container that an unfinished creation left; ours by name and label only.
[[nodiscard]] Done removeUnfinishedContainer(StepContext &context);
[[nodiscard]] Done
markSandboxFailed(Session &session, const Operation &operation, const QString &reason);

/// The container of a sandbox, by id or else by its name; nothing when it is gone. Conflict when
/// one of its name is not ours.
[[nodiscard]] Result<std::optional<ContainerDetails>>
findContainer(StepContext &context, const Sandbox &sandbox, WithSize withSize = WithSize::No);

/// What a container's state means for its sandbox.
[[nodiscard]] SandboxStatus statusOf(const QString &containerState);

} // namespace sandglass
