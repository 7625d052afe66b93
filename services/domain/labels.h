#pragma once

#include "services/domain/sandbox.h"
#include "services/domain/snapshot.h"

#include <QMap>

namespace sandglass {

/// Label names in engines and registries (design, section 8).
namespace label {
inline constexpr QLatin1StringView prefix{"io.sandglass."};
inline constexpr QLatin1StringView sandboxId{"io.sandglass.sandbox.id"};
inline constexpr QLatin1StringView namespaceName{"io.sandglass.namespace"};
inline constexpr QLatin1StringView sandboxName{"io.sandglass.sandbox.name"};
inline constexpr QLatin1StringView sandboxOrigin{"io.sandglass.sandbox.origin"};
inline constexpr QLatin1StringView sandboxCreated{"io.sandglass.sandbox.created"};
inline constexpr QLatin1StringView sandboxConfig{"io.sandglass.sandbox.config"};
inline constexpr QLatin1StringView restoredFrom{"io.sandglass.restored.from"};
inline constexpr QLatin1StringView snapshotId{"io.sandglass.snapshot.id"};
inline constexpr QLatin1StringView snapshotSandbox{"io.sandglass.snapshot.sandbox"};
inline constexpr QLatin1StringView snapshotEngine{"io.sandglass.snapshot.engine"};
inline constexpr QLatin1StringView snapshotCreated{"io.sandglass.snapshot.created"};
inline constexpr QLatin1StringView snapshotTtl{"io.sandglass.snapshot.ttl"};
inline constexpr QLatin1StringView snapshotTag{"io.sandglass.snapshot.tag"};
inline constexpr QLatin1StringView snapshotNote{"io.sandglass.snapshot.note"};
inline constexpr QLatin1StringView snapshotPause{"io.sandglass.snapshot.pause"};
inline constexpr QLatin1StringView snapshotBaseBytes{"io.sandglass.snapshot.base.bytes"};
inline constexpr QLatin1StringView snapshotBase{"io.sandglass.snapshot.base.image"};
inline constexpr QLatin1StringView snapshotFindings{"io.sandglass.snapshot.findings"};
inline constexpr QLatin1StringView snapshotSchedule{"io.sandglass.snapshot.schedule"};
inline constexpr QLatin1StringView snapshotParent{"io.sandglass.snapshot.parent"};
inline constexpr QLatin1StringView snapshotConfig{"io.sandglass.snapshot.config"};
/// By which Indexify knows its containers ("true"), together with their names.
inline constexpr QLatin1StringView indexifyManaged{"managed"};
} // namespace label

using Labels = QMap<QString, QString>;

/// All labels of ours on a sandbox's container; with what the engine itself says of the container,
/// everything that a rebuild of the database needs. Every name that an image of ours may carry is
/// set, empty where it does not apply, because a container inherits its image's labels and they
/// cannot be removed (facts C7, C8).
[[nodiscard]] Labels containerLabels(const Sandbox &sandbox);

/// All labels of ours on a snapshot's image; everything that a rebuild of the database needs.
/// `sandbox` is the one that it shows; `baseBytes` the size of the image that this one ran from,
/// nothing when that is not known.
[[nodiscard]] Labels imageLabels(
    const Snapshot &snapshot, const Sandbox &sandbox, const std::optional<qint64> &baseBytes);

/// The operator's own labels: those that are not ours.
[[nodiscard]] Labels foreignLabels(const Labels &labels);

} // namespace sandglass
