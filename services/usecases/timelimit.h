#pragma once

#include "services/core/canceltoken.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace sandglass {

/// A token that is cancelled when the time is over, for a piece of work of several requests that
/// somebody waits for.
class TimeLimit
{
public:
    explicit TimeLimit(std::chrono::milliseconds limit);
    ~TimeLimit();
    TimeLimit(const TimeLimit &) = delete;
    TimeLimit &operator=(const TimeLimit &) = delete;

    [[nodiscard]] const CancelToken &token() const { return m_token; }

private:
    CancelToken m_token;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_ended = false;
    std::thread m_thread; // last: it uses all of the above
};

} // namespace sandglass
