#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace sandglass {

/// What the HTTP library does not do for connections: a limit on the whole time that a request may
/// take to arrive (the library's idle limit starts again with every byte), and a close that does
/// not destroy the last answer. Connections are known by their socket. Thread-safe; its own thread
/// sleeps while there is nothing to wait for.
class ConnectionWatch
{
public:
    ConnectionWatch();
    ~ConnectionWatch();
    ConnectionWatch(const ConnectionWatch &) = delete;
    ConnectionWatch &operator=(const ConnectionWatch &) = delete;

    /// From now on, until forget(): when `limit` passes without another call, the socket is shut
    /// down.
    void allow(int socket, std::chrono::milliseconds limit);

    /// No limit until the next allow().
    void allowUnlimited(int socket);

    /// The connection is about to be closed by us.
    void forget(int socket);

    /// As forget(), for a client that has not closed its side yet: bytes that reach a closed socket
    /// make the kernel reset the connection, and the client may lose the last answer. So what still
    /// arrives is read and dropped until the client closes, for at most two seconds.
    void linger(int socket);

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Lingering
    {
        int socket;
        Time end;
    };

    void watch();
    void wakeBefore(Time time);
    [[nodiscard]] std::optional<Time> nextWakeup() const;
    void shutDownLate(Time now);
    void drain(Time now);

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<int, std::optional<Time>> m_deadlines;
    std::vector<Lingering> m_lingering;
    std::optional<Time> m_wakeup; ///< until when the thread sleeps; nothing: until it is woken
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace sandglass
