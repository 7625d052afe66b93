#pragma once

#include "services/core/clock.h"

#include <QString>

#include <optional>

namespace sandglass {

/// Why somebody wants a snapshot kept, whatever its TTL says.
struct SnapshotPin
{
    QString reason;
    QString by; ///< user and program, as the audit names them
    std::optional<Timestamp> until; ///< nothing: for good

    bool operator==(const SnapshotPin &) const = default;
    [[nodiscard]] bool holds(Timestamp now) const { return !until || now < *until; }
};

} // namespace sandglass
