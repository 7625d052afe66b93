#pragma once

#include <QString>

#include <chrono>

namespace sandglass {

/// UTC, milliseconds since the epoch: as in the database and the API.
using Timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

[[nodiscard]] Timestamp fromMilliseconds(qint64 sinceEpoch);
[[nodiscard]] qint64 toMilliseconds(Timestamp time);

/// Time as a collaborator, so that tests can set it. Thread-safe.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock
{
public:
    [[nodiscard]] Timestamp now() const override;
};

} // namespace sandglass
