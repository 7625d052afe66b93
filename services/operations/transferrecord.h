#pragma once

#include "services/docker/transferstream.h"
#include "services/operations/operationdefinition.h"

namespace sandglass {

/// Writes down how far a transfer is, about once a second, where everybody sees it; and once more
/// when it ends. On the thread of the step.
class TransferRecord
{
public:
    explicit TransferRecord(StepContext &context);
    ~TransferRecord();
    TransferRecord(const TransferRecord &) = delete;
    TransferRecord &operator=(const TransferRecord &) = delete;

    [[nodiscard]] TransferListener listener();

private:
    void write();

    StepContext &m_context;
    TransferMeter m_meter;
    std::chrono::steady_clock::time_point m_written; // long ago
};

} // namespace sandglass
