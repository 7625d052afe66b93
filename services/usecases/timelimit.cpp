#include "services/usecases/timelimit.h"

namespace sandglass {

TimeLimit::TimeLimit(std::chrono::milliseconds limit)
    : m_thread([this, limit] {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_for(lock, limit, [this] { return m_ended; }))
            m_token.cancel();
    })
{ }

TimeLimit::~TimeLimit()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

} // namespace sandglass
