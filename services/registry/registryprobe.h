#pragma once

#include "services/core/canceltoken.h"
#include "services/registry/registryclient.h"

namespace sandglass {

/// What a test of a registry finds out, in this order.
enum class ProbeStep {
    Reach, ///< somebody answers there
    Trust, ///< the certificate is good
    Login, ///< it is a registry, and takes the login
    Pull,
    Push,
    Delete,
    Catalog, ///< whether it lists its repositories; nothing that Sandglass does needs that
};

enum class ProbeOutcome {
    Passed,
    Failed, ///< see error
    Skipped, ///< a step before it failed, or it has no meaning here; see detail
    Unknown, ///< something else went wrong; see error
};

[[nodiscard]] QString nameOf(ProbeStep step); ///< "reach", "trust", …
[[nodiscard]] QString nameOf(ProbeOutcome outcome); ///< "passed", "failed", …

struct ProbeResult
{
    ProbeStep step = ProbeStep::Reach;
    ProbeOutcome outcome = ProbeOutcome::Unknown;
    QString detail; ///< what is worth knowing of one that passed, or why it was skipped
    std::optional<Error> error;
};

struct RegistryProbe
{
    QList<ProbeResult> results; ///< one of each step, in order
    std::optional<bool> deletes; ///< nothing: not found out
    std::optional<bool> listsCatalog;
    QString rateLimit; ///< as in Registry

    [[nodiscard]] const ProbeResult &of(ProbeStep step) const;
    /// Whether snapshots can be kept there: it takes pushes and gives them back.
    [[nodiscard]] bool isUsable() const;
};

/// Tests a registry step by step and changes nothing there: the upload that shows whether pushes
/// are allowed is cancelled, and what it asks to delete does not exist. Cancelled gives Skipped for
/// what was not tested yet. Blocks, as the client does.
[[nodiscard]] RegistryProbe probeRegistry(
    const Registry &registry,
    const std::optional<Credential> &credential,
    const CancelToken &cancel = {});

} // namespace sandglass
