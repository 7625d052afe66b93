#pragma once

#include "services/domain/registry.h"
#include "services/domain/transferprogress.h"

#include <QJsonObject>

namespace sandglass {

struct ImportableLogin;
struct RegistryProbe;

// What has to do with registries as the API shows it: the schemas of
// resources/openapi/openapi.json. What is not known or does not apply is left out.

/// Never with a secret: of a credential in the keychain only whose it is.
[[nodiscard]] QJsonObject toJson(const Registry &registry);
[[nodiscard]] QJsonObject toJson(const RegistryProbe &probe);
[[nodiscard]] QJsonObject toJson(const ImportableLogin &login);
[[nodiscard]] QJsonObject toJson(const TransferProgress &progress);

} // namespace sandglass
