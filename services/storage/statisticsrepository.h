#pragma once

#include "services/domain/snapshotstatistics.h"
#include "services/storage/session.h"

namespace sandglass {

/// Counts. One query, whoever asks.
class StatisticsRepository
{
public:
    explicit StatisticsRepository(Session &session)
        : m_session(session)
    { }

    [[nodiscard]] Result<SnapshotStatistics> snapshots();

private:
    Session &m_session;
};

} // namespace sandglass
