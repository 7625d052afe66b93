#pragma once

#include "services/domain/registry.h"
#include "ui/availability.h"

namespace sandglass {

// Pure functions of the selected registries.

[[nodiscard]] Availability forRegistry(const QList<Registry> &selected);
[[nodiscard]] Availability forRemoveCredential(const QList<Registry> &selected);

// Pure functions of the selected snapshots; `live` are the engines that answer now.

/// Whether the places of what is selected can be changed or checked at all.
[[nodiscard]] Availability forPlaces(const QList<Snapshot> &selected);
[[nodiscard]] Availability forPush(const Snapshot &snapshot, const RegistryName &to);
[[nodiscard]] Availability
forPull(const Snapshot &snapshot, const EngineName &to, const QSet<EngineName> &live);
[[nodiscard]] Availability forCheck(const Snapshot &snapshot);
/// Where it should be and is not.
[[nodiscard]] QList<Location> retryableOf(const Snapshot &snapshot);

} // namespace sandglass
