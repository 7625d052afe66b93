#pragma once

#include "services/domain/snapshotschedule.h"
#include "services/storage/session.h"

namespace sandglass {

/// The schedules, and how far each is.
class ScheduleRepository
{
public:
    explicit ScheduleRepository(Session &session)
        : m_session(session)
    { }

    /// By namespace and name; nothing: of all namespaces.
    [[nodiscard]] Result<QList<SnapshotSchedule>>
    list(const std::optional<NamespaceName> &namespaceName);
    [[nodiscard]] Result<SnapshotSchedule>
    find(const NamespaceName &namespaceName, const ScheduleName &name); ///< NotFound

    /// Those of which something may be due now, or that did not end what they began.
    [[nodiscard]] Result<QList<SnapshotSchedule>> pending();

    [[nodiscard]] Done save(const SnapshotSchedule &schedule); ///< inserts, or writes all of it
    [[nodiscard]] Done remove(const SnapshotSchedule &schedule);

    /// Notes that what is due is being taken, unless somebody else noted it since the schedule was
    /// read; tells whether it did.
    [[nodiscard]] Result<bool> begin(const SnapshotSchedule &schedule, const ScheduledRun &run);
    /// What was due at this time was asked for; `error` says what was not.
    [[nodiscard]] Done end(const ScheduleId &id, Timestamp takingAt, const QString &error);

private:
    [[nodiscard]] Result<QList<SnapshotSchedule>>
    select(const QString &selection, const QVariantList &values);
    Session &m_session;
};

} // namespace sandglass
