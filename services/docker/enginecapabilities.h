#pragma once

#include <QString>

namespace sandglass {

/// In what an engine differs from Docker's, as far as something here depends on it. The values are
/// Docker's own unless the engine is known to differ.
struct EngineCapabilities
{
    /// Gives and lists names as they were given. Podman lists "name" as "docker.io/library/name" or
    /// "localhost/name".
    bool keepsShortNames = true;
    /// Takes labels from the body of a commit. Podman before version 5 takes them only as
    /// instructions (its source; seen with 4.3.1).
    bool takesCommitLabels = true;
    /// Describes a container in the words in which one can be created. Podman adds variables of its
    /// own, says a limit of processors twice and calls limits by other names, and then refuses or
    /// misunderstands its own description (seen with 4.3.1).
    bool describesAsCreated = true;

    bool operator==(const EngineCapabilities &) const = default;
};

inline constexpr QLatin1StringView dockerProduct{"Docker"};
inline constexpr QLatin1StringView podmanProduct{"Podman"};

/// Of an engine of this product and version; Docker's for an unknown product. Pure.
[[nodiscard]] EngineCapabilities
capabilitiesOf(const QString &product, const QString &engineVersion);

/// Whether the engine that names itself so in its answers ("Libpod/4.3.1 (linux)") needs long to
/// tell its version: Podman asks the system's packages each time, and took 5 s for it on a busy
/// machine. Another version names itself differently.
[[nodiscard]] bool tellsVersionSlowly(QByteArrayView server);

} // namespace sandglass
