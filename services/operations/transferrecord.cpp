#include "services/operations/transferrecord.h"

#include "services/core/logging.h"
#include "services/storage/operationrepository.h"

namespace sandglass {

using namespace std::chrono_literals;

namespace {

constexpr auto writeInterval = 1s;

} // namespace

TransferRecord::TransferRecord(StepContext &context)
    : m_context(context)
{ }

TransferRecord::~TransferRecord()
{
    write();
}

TransferListener TransferRecord::listener()
{
    return [this](const LayerProgress &said) {
        m_meter.take(said, m_context.clock.now());
        const auto now = std::chrono::steady_clock::now();
        if (now - m_written < writeInterval)
            return;
        m_written = now;
        write();
    };
}

void TransferRecord::write()
{
    m_context.operation.progress = m_meter.progress(m_context.clock.now());
    const Done written = m_context.database.write([this](Session &session) {
        return OperationRepository(session).saveProgress(
            m_context.operation.id, m_context.operation.progress);
    });
    if (!written) // the transfer itself is worth more
        qCWarning(operationsLog) << "progress:" << written.error().summary();
}

} // namespace sandglass
