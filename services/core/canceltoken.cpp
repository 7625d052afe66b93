#include "services/core/canceltoken.h"

#include <map>
#include <mutex>
#include <utility>

namespace sandglass {

struct CancelToken::State
{
    std::mutex
        mutex; // held while callbacks run, so that a registration's destructor waits for them
    bool cancelled = false;
    unsigned long long nextKey = 1;
    std::map<unsigned long long, std::function<void()>> callbacks;
};

CancelToken::CancelToken()
    : m_state(std::make_shared<State>())
{ }

void CancelToken::cancel() const
{
    const std::lock_guard lock(m_state->mutex);
    if (std::exchange(m_state->cancelled, true))
        return;
    for (const auto &[key, callback] : m_state->callbacks)
        callback();
    m_state->callbacks.clear();
}

bool CancelToken::isCancelled() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->cancelled;
}

CancelToken::Registration CancelToken::onCancelled(std::function<void()> callback) const
{
    const std::lock_guard lock(m_state->mutex);
    if (m_state->cancelled) {
        callback();
        return {};
    }
    const auto key = m_state->nextKey++;
    m_state->callbacks.emplace(key, std::move(callback));
    return {m_state, key};
}

CancelToken::Registration::Registration(std::weak_ptr<State> state, unsigned long long key)
    : m_state(std::move(state))
    , m_key(key)
{ }

CancelToken::Registration &CancelToken::Registration::operator=(Registration &&other) noexcept
{
    std::swap(m_state, other.m_state);
    std::swap(m_key, other.m_key);
    return *this;
}

CancelToken::Registration::~Registration()
{
    if (const auto state = m_state.lock()) {
        const std::lock_guard lock(state->mutex);
        state->callbacks.erase(m_key);
    }
}

} // namespace sandglass
