#include "services/core/clockjump.h"

namespace sandglass {

using namespace std::chrono_literals;

namespace {

/// More than a clock is slewed between two readings, less than a stream of events lives without
/// being asked after.
constexpr auto smallestJump = 5s;

} // namespace

bool ClockJump::occurred(Timestamp wall, std::chrono::milliseconds steady)
{
    const auto distance = wall.time_since_epoch() - steady;
    const auto before = m_distance.value_or(distance);
    m_distance = distance;
    return distance - before >= smallestJump || before - distance >= smallestJump;
}

} // namespace sandglass
