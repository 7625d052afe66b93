#include "services/usecases/operationservice.h"

#include "services/operations/operationrunner.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/operationrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

OperationService::OperationService(Database &database, OperationRunner &runner, const Clock &clock)
    : m_database(database)
    , m_runner(runner)
    , m_clock(clock)
{ }

Result<QList<Operation>> OperationService::list(int finishedLimit)
{
    return m_database.read([finishedLimit](Session &session) {
        return OperationRepository(session).list(finishedLimit);
    });
}

Result<Operation> OperationService::find(const OperationId &id)
{
    return m_database.read(
        [&id](Session &session) { return OperationRepository(session).find(id); });
}

Done OperationService::cancel(const OperationId &id, const Caller &caller)
{
    const Done requested = m_database.write([&](Session &session) -> Done {
        OperationRepository operations(session);
        SANDGLASS_TRY(const Operation operation, operations.find(id));
        if (isFinished(operation.state) || operation.state == OperationState::Undoing) {
            return failure(
                ErrorKind::Conflict,
                u"operation %1 cannot be cancelled any more, it is \"%2\""_s.arg(
                    id.text(), nameOf(operation.state)));
        }
        SANDGLASS_CHECK(operations.requestCancel(id));
        return appendAudit(session, {caller, u"cancel_operation"_s, id.text(), u"requested"_s, {}});
    });
    m_runner.wake();
    return requested;
}

} // namespace sandglass
