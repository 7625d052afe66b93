#include "services/storage/statisticsrepository.h"

#include <algorithm>
#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array statuses{
    SnapshotStatus::Creating,
    SnapshotStatus::Active,
    SnapshotStatus::Deleting,
    SnapshotStatus::Failed,
    SnapshotStatus::Trashed};

constexpr qint64 millisecondsPerDay = 86'400'000;

SnapshotCounts noSnapshots()
{
    SnapshotCounts counts;
    for (const SnapshotStatus status : statuses)
        counts.byStatus[status] = 0;
    return counts;
}

void add(SnapshotCounts &to, const SnapshotCounts &more)
{
    to.total += more.total;
    for (const auto &[status, count] : more.byStatus)
        to.byStatus[status] += count;
    to.expired += more.expired;
    to.expiringWithinDay += more.expiringWithinDay;
    to.expiringWithinWeek += more.expiringWithinWeek;
    to.expiringWithinMonth += more.expiringWithinMonth;
    to.bytes += more.bytes;
    to.uniqueBytes += more.uniqueBytes;
    if (more.oldestAt && (!to.oldestAt || *more.oldestAt < *to.oldestAt))
        to.oldestAt = more.oldestAt;
}

} // namespace

Result<SnapshotStatistics> StatisticsRepository::snapshots()
{
    const qint64 now = toMilliseconds(m_session.now());
    const QString expiring =
        u"count(*) FILTER (WHERE status = 'active' AND expires_at > ? AND expires_at <= ?)"_s;
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT namespace, status, count(*), "
            "count(*) FILTER (WHERE status = 'active' AND expires_at <= ?), %1, %1, %1, "
            "coalesce(sum(size_bytes), 0), coalesce(sum(changed_bytes), 0), "
            "min(created_at) FILTER (WHERE status = 'active') "
            "FROM snapshots GROUP BY namespace, status ORDER BY namespace"_s.arg(expiring),
            {now,
             now,
             now + millisecondsPerDay,
             now,
             now + 7 * millisecondsPerDay,
             now,
             now + 30 * millisecondsPerDay}));
    SnapshotStatistics statistics{noSnapshots(), {}};
    while (query.next()) {
        const auto name = NamespaceName::trusted(query.value(0).toString());
        const auto status = snapshotStatusFrom(query.value(1).toString());
        if (!status)
            return failure(rowError(u"a snapshot"_s, u"an unknown status"_s));
        SnapshotCounts counts;
        counts.total = query.value(2).toLongLong();
        counts.byStatus[*status] = counts.total;
        counts.expired = query.value(3).toLongLong();
        counts.expiringWithinDay = query.value(4).toLongLong();
        counts.expiringWithinWeek = query.value(5).toLongLong();
        counts.expiringWithinMonth = query.value(6).toLongLong();
        counts.bytes = query.value(7).toLongLong();
        counts.uniqueBytes = query.value(8).toLongLong();
        counts.oldestAt = timeFrom(query.value(9));
        if (statistics.namespaces.isEmpty() || statistics.namespaces.last().first != name)
            statistics.namespaces.append({name, noSnapshots()});
        add(statistics.namespaces.last().second, counts);
        add(statistics.all, counts);
    }
    return statistics;
}

} // namespace sandglass
