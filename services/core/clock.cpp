#include "services/core/clock.h"

namespace sandglass {

Timestamp fromMilliseconds(qint64 sinceEpoch)
{
    return Timestamp(std::chrono::milliseconds(sinceEpoch));
}

qint64 toMilliseconds(Timestamp time)
{
    return time.time_since_epoch().count();
}

Timestamp SystemClock::now() const
{
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now());
}

} // namespace sandglass
