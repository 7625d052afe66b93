#pragma once

#include <functional>
#include <memory>

namespace sandglass {

/// A request to stop, shared by value between whoever may ask and whoever works. Thread-safe.
/// A default-constructed token can be cancelled like any other.
class CancelToken
{
    struct State;

public:
    /// Keeps a callback registered for as long as it lives.
    class Registration
    {
    public:
        Registration() = default;
        Registration(Registration &&) = default;
        Registration &operator=(Registration &&other) noexcept;
        ~Registration();

    private:
        friend class CancelToken;
        Registration(std::weak_ptr<State> state, unsigned long long key);
        std::weak_ptr<State> m_state;
        unsigned long long m_key = 0;
    };

    CancelToken();

    void cancel() const;
    [[nodiscard]] bool isCancelled() const;

    /// Calls back once, on the thread that cancels, at once when already cancelled. The callback
    /// must be short and must not touch the token. After the registration is destroyed it is not
    /// called, and is not running any more.
    [[nodiscard]] Registration onCancelled(std::function<void()> callback) const;

private:
    std::shared_ptr<State> m_state;
};

} // namespace sandglass
