#pragma once

#include "services/core/canceltoken.h"
#include "services/core/result.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace sandglass {

/// A result that one thread waits for and another gives. Shared: whoever gives it too late gives it
/// to nobody, and whoever waits outlives nothing.
template <class T> class PendingAnswer
{
public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// The first answer counts. Any thread.
    void give(Result<T> answer)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_answer)
            m_answer.emplace(std::move(answer));
        m_given.notify_all();
    }

    /// Nothing: none was given until the deadline.
    [[nodiscard]] std::optional<Result<T>> waitUntil(Deadline deadline)
    {
        std::unique_lock lock(m_mutex);
        m_given.wait_until(lock, deadline, [this] { return m_answer.has_value(); });
        return std::exchange(m_answer, std::nullopt);
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_given;
    std::optional<Result<T>> m_answer;
};

/// The duty to give an answer: one that is dropped gives an error in its place, so that nobody
/// waits for a thread that is gone.
template <class T> class Promise
{
public:
    explicit Promise(std::shared_ptr<PendingAnswer<T>> answer)
        : m_duty(std::make_shared<Duty>(std::move(answer)))
    { }

    void give(Result<T> answer) const { m_duty->answer->give(std::move(answer)); }

private:
    struct Duty
    {
        explicit Duty(std::shared_ptr<PendingAnswer<T>> pending)
            : answer(std::move(pending))
        { }
        ~Duty() { answer->give(failure(ErrorKind::Cancelled, QStringLiteral("the program ends"))); }
        Duty(const Duty &) = delete;
        Duty &operator=(const Duty &) = delete;

        std::shared_ptr<PendingAnswer<T>> answer;
    };

    std::shared_ptr<Duty> m_duty;
};

} // namespace sandglass
