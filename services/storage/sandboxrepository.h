#pragma once

#include "services/domain/sandbox.h"
#include "services/storage/session.h"

#include <QSet>

namespace sandglass {

/// Sandboxes. "Living" are all but those that were terminated or let go of, which are only
/// remembered for the snapshots that they left.
class SandboxRepository
{
public:
    explicit SandboxRepository(Session &session)
        : m_session(session)
    { }

    /// The living ones, oldest first; nothing = of every namespace.
    [[nodiscard]] Result<QList<Sandbox>> list(const std::optional<NamespaceName> &namespaceName);
    [[nodiscard]] Result<QList<Sandbox>> onEngine(const EngineName &engine); ///< living
    [[nodiscard]] Result<QList<Sandbox>> restoredFrom(const SnapshotId &snapshot); ///< living
    [[nodiscard]] Result<QSet<QString>> adoptedContainers(); ///< ids of the living ones'
    [[nodiscard]] Result<QSet<SandboxId>> ids(); ///< of all, not only the living
    [[nodiscard]] Result<Sandbox> find(const SandboxId &id); ///< NotFound
    [[nodiscard]] Done insert(const Sandbox &sandbox); ///< makes its namespace, too

    /// Writes everything but identity and creation. The caller read the row in this transaction and
    /// checked its status.
    [[nodiscard]] Done save(const Sandbox &sandbox);

    /// Writes when its status was last seen to be true, which is no news: no change is told.
    [[nodiscard]] Done confirm(const SandboxId &id, Timestamp at);

private:
    [[nodiscard]] Result<QList<Sandbox>>
    select(const QString &condition, const QVariantList &values);
    Session &m_session;
};

} // namespace sandglass
