#pragma once

#include "services/domain/engine.h"
#include "services/storage/session.h"

#include <QStringList>

namespace sandglass {

/// What hinders an engine from being forgotten.
struct EngineUse
{
    int sandboxes = 0; ///< without terminated ones
    int snapshots = 0; ///< that were made there, or are there
    int operations = 0; ///< unfinished
};

/// Engines and who drives them.
class EngineRepository
{
public:
    explicit EngineRepository(Session &session)
        : m_session(session)
    { }

    [[nodiscard]] Result<QList<Engine>> list(); ///< by name
    [[nodiscard]] Result<Engine> find(const EngineName &name); ///< NotFound
    [[nodiscard]] Done insert(const Engine &engine); ///< Conflict when the name is taken
    [[nodiscard]] Done save(const Engine &engine); ///< everything but the lease
    [[nodiscard]] Done
    remove(const EngineName &name); ///< with the sandboxes that are only remembered there
    [[nodiscard]] Result<EngineUse> useOf(const EngineName &name);

    /// Writes only what an answer of the engine renews without news: no change is told.
    [[nodiscard]] Done touch(const EngineName &name, Timestamp seenAt);

    /// Takes or renews the leases of all engines whose lease is free, run out or already the
    /// owner's; returns the names of those that the owner holds now (design, section 4, rule 7). A
    /// lease that ends implausibly far ahead counts as run out: the clock stepped back. Those of
    /// the `living` owners stay theirs, whatever the clock says.
    [[nodiscard]] Result<QList<EngineName>> takeLeases(
        const QString &owner, std::chrono::milliseconds duration, const QStringList &living = {});
    [[nodiscard]] Result<QStringList> leaseOwners(); ///< each once, without the empty one
    /// Conflict when the engine's lease is not the owner's.
    [[nodiscard]] Done requireLease(const EngineName &name, const QString &owner);
    [[nodiscard]] Done releaseLeases(const QString &owner);

private:
    [[nodiscard]] Done saveTls(const Engine &engine);

    Session &m_session;
};

} // namespace sandglass
