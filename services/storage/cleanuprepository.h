#pragma once

#include "services/domain/cleanupplan.h"
#include "services/storage/session.h"

namespace sandglass {

/// Which snapshots a cleanup looks at.
enum class CleanupScope {
    Expired, ///< what may have expired, and what its rank depends on: the cost grows with that
    All, ///< every active one
};

/// Reads what cleanup decides about. Writes nothing.
class CleanupRepository
{
public:
    explicit CleanupRepository(Session &session)
        : m_session(session)
    { }

    /// Of one namespace; nothing: of all. The rules are those of the settings in force.
    [[nodiscard]] Result<CleanupState>
    state(const std::optional<NamespaceName> &namespaceName, CleanupScope scope);

    /// The active snapshots; those beyond `most` are not counted. `most` 0: all are.
    [[nodiscard]] Result<qint64>
    countActive(const std::optional<NamespaceName> &namespaceName, qint64 most);

    [[nodiscard]] Result<CleanupBounds> bounds();

private:
    [[nodiscard]] Done
    addCandidates(CleanupState &state, const QString &condition, const QVariantList &values);
    [[nodiscard]] Done addRules(CleanupState &state);
    [[nodiscard]] Done
    addUses(CleanupState &state, const QString &condition, const QVariantList &values);
    Session &m_session;
};

} // namespace sandglass
