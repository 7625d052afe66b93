#pragma once

#include "models/roles.h"
#include "services/domain/registry.h"

namespace sandglass {

/// A registry in words for people. Translated; pure but for the user's locale.

/// "registry.example.com/team/snapshots".
[[nodiscard]] QString whereText(const Registry &registry);
/// The namespaces that push there by themselves; a dash for none.
[[nodiscard]] QString namespacesText(const Registry &registry);
/// "keychain, user ann".
[[nodiscard]] QString credentialText(const Registry &registry);
[[nodiscard]] QString credentialSourceText(CredentialSource source);

/// "Answers", "Error", "Paused until …", or "Not asked yet".
[[nodiscard]] QString stateText(const Registry &registry, Timestamp now);
[[nodiscard]] StateMark markOf(const Registry &registry, Timestamp now);
/// Whether it wants no requests now.
[[nodiscard]] bool isPaused(const Registry &registry, Timestamp now);

} // namespace sandglass
