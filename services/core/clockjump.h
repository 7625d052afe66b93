#pragma once

#include "services/core/clock.h"

#include <optional>

namespace sandglass {

/// Tells when the clock on the wall went apart from a steady one between two readings: the machine
/// was suspended, or somebody set the clock. Not thread-safe.
class ClockJump
{
public:
    /// Whether that happened since the last reading; never at the first one. `steady`: since any
    /// fixed point, without the time of a suspension.
    [[nodiscard]] bool occurred(Timestamp wall, std::chrono::milliseconds steady);

private:
    std::optional<std::chrono::milliseconds> m_distance; ///< of the two at the last reading
};

} // namespace sandglass
