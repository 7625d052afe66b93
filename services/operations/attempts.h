#pragma once

#include "services/core/error.h"
#include "services/domain/operation.h"

#include <chrono>

namespace sandglass {

// How often an operation is tried, and when (design, section 4, rule 3).

/// How long to wait before the next attempt when there were so many, and the last one ended with
/// this error: at most 30 s, or as long as a registry wants to be left alone, at most an hour.
[[nodiscard]] std::chrono::milliseconds delayAfter(int attempts, const Error &error);

/// Whether the time of the next attempt has come.
[[nodiscard]] bool isDue(const Operation &operation, Timestamp now);

/// Whether an operation waits for an older unfinished one: one sandbox's run one after the other,
/// and a deletion comes after everything that was begun with its snapshot.
[[nodiscard]] bool mustFollow(const Operation &operation, const Operation &older);

/// Whether an operation is tried again after this error. A wait for something that ends by itself
/// shows that the engine works, so that only the attempts since the last one count.
[[nodiscard]] bool mayRetry(const Operation &operation, const Error &error);

/// Remembers that the attempt that goes on now ends in such a wait.
void countWait(Operation &operation);

} // namespace sandglass
