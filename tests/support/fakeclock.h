#pragma once

#include "services/core/clock.h"

#include <atomic>

namespace sandglass {

/// A clock that stands still until it is told otherwise.
class FakeClock final : public Clock
{
public:
    explicit FakeClock(Timestamp start = fromMilliseconds(1'700'000'000'000));

    [[nodiscard]] Timestamp now() const override;
    void set(Timestamp time);
    void advance(std::chrono::milliseconds by); ///< negative steps back

private:
    std::atomic<qint64> m_milliseconds;
};

} // namespace sandglass
