#pragma once

#include "services/domain/cleanuprun.h"
#include "services/storage/session.h"

namespace sandglass {

/// The history of cleanups, and their timer.
class CleanupRunRepository
{
public:
    explicit CleanupRunRepository(Session &session)
        : m_session(session)
    { }

    /// With its items, all planned. `owner` is the process that works on it. Of the finished runs
    /// the newest 1,000 are kept.
    [[nodiscard]] Done insert(const CleanupRun &run, const QString &owner);

    /// Newest first, without items, with their numbers.
    [[nodiscard]] Result<QList<CleanupRun>> list(int limit);
    [[nodiscard]] Result<CleanupRun> find(const QString &id); ///< without items; NotFound
    [[nodiscard]] Result<QList<CleanupItem>> items(const QString &run); ///< by snapshot

    /// Items of a run that are planned, in the order of their ids.
    [[nodiscard]] Result<QList<CleanupItem>> planned(const QString &run, int limit);
    [[nodiscard]] Done saveItem(const QString &run, const CleanupItem &item);

    /// The runs with planned items, and which process works on each.
    [[nodiscard]] Result<QList<QPair<QString, QString>>> unfinishedRuns();

    /// Writes down what the operations made of what was handed to them, and which runs are thereby
    /// finished.
    [[nodiscard]] Done settle();
    [[nodiscard]] Result<bool> mustSettle(); ///< whether settle() has something to write

    struct Timer
    {
        Timestamp lastAt; ///< when it last looked; the epoch: never
        QString question; ///< what it asks before it goes on; empty for nothing
    };
    [[nodiscard]] Result<Timer> timer();
    [[nodiscard]] Done saveTimer(const Timer &timer);

private:
    [[nodiscard]] Result<QList<CleanupRun>>
    select(const QString &selection, const QVariantList &values);
    Session &m_session;
};

} // namespace sandglass
