#pragma once

#include "services/domain/caller.h"
#include "services/domain/operation.h"

namespace sandglass {

class Clock;
class Database;
class OperationRunner;

/// What the window and the API do with operations. Any worker thread; blocks for the database only.
class OperationService
{
public:
    OperationService(Database &database, OperationRunner &runner, const Clock &clock);

    /// Newest first; all that are not finished, and of the finished ones the newest
    /// `finishedLimit`.
    [[nodiscard]] Result<QList<Operation>> list(int finishedLimit = 200);
    [[nodiscard]] Result<Operation> find(const OperationId &id);

    /// Asks it to stop; what was half done is undone. NotFound; Conflict when it is finished, or
    /// cannot be cancelled any more.
    [[nodiscard]] Done cancel(const OperationId &id, const Caller &caller);

private:
    Database &m_database;
    OperationRunner &m_runner;
    const Clock &m_clock;
};

} // namespace sandglass
