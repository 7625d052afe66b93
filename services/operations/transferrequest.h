#pragma once

#include "services/domain/operation.h"
#include "services/domain/registry.h"
#include "services/storage/operationrepository.h"

namespace sandglass {

/// Journals the push of a snapshot from this engine to a registry and writes the place down. In the
/// caller's transaction, which looked for an earlier request with this key. Conflict while one is
/// under way there.
[[nodiscard]] Result<OperationId> requestPush(
    Session &session,
    const Snapshot &snapshot,
    const EngineName &from,
    const Registry &registry,
    const Caller &caller,
    const IdempotencyKey &key = {});

/// The same for the pull to this engine from whatever registry has it.
[[nodiscard]] Result<OperationId> requestPull(
    Session &session,
    const Snapshot &snapshot,
    const EngineName &to,
    const Caller &caller,
    const IdempotencyKey &key = {});

} // namespace sandglass
