#pragma once

#include "services/core/canceltoken.h"
#include "services/domain/location.h"
#include "services/domain/registry.h"

namespace sandglass {

class Database;
class RegistryAccess;

/// Asks a registry whether it has what it should, by digest (fact R14), and writes down what it
/// has: present, missing or drifted. Ends with the first error; what was not asked stays as it was.
/// Any worker thread.
[[nodiscard]] Done checkLocations(
    Database &database,
    RegistryAccess &access,
    const RegistryName &registry,
    const QList<Location> &locations,
    const CancelToken &cancel);

} // namespace sandglass
