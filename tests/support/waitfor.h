#pragma once

#include <chrono>
#include <functional>

namespace sandglass {

/// Runs the event loop until the condition holds; false when it does not within the limit. For
/// tests only: the one place that may wait by an event loop.
[[nodiscard]] bool waitFor(
    const std::function<bool()> &condition,
    std::chrono::milliseconds limit = std::chrono::seconds(10));

} // namespace sandglass
