#include "services/api/connectionwatch.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace sandglass {

namespace {

constexpr std::chrono::seconds longestLinger{2};
constexpr std::chrono::milliseconds drainInterval{20};
constexpr std::size_t mostLingering = 64;

/// Drops what has arrived. False when the client has closed.
bool dropArrived(int socket)
{
    std::array<char, 16 * 1024> dropped;
    for (int round = 0; round < 64; ++round) {
        const ssize_t count = ::recv(socket, dropped.data(), dropped.size(), MSG_DONTWAIT);
        if (count < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        if (count == 0)
            return false;
    }
    return true;
}

} // namespace

ConnectionWatch::ConnectionWatch()
    : m_thread([this] { watch(); })
{ }

ConnectionWatch::~ConnectionWatch()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_one();
    m_thread.join();
    for (const Lingering &each : m_lingering)
        ::close(each.socket);
}

void ConnectionWatch::allow(int socket, std::chrono::milliseconds limit)
{
    const std::lock_guard lock(m_mutex);
    const Time deadline = std::chrono::steady_clock::now() + limit;
    m_deadlines[socket] = deadline;
    wakeBefore(deadline);
}

void ConnectionWatch::allowUnlimited(int socket)
{
    const std::lock_guard lock(m_mutex);
    m_deadlines[socket].reset();
}

void ConnectionWatch::forget(int socket)
{
    const std::lock_guard lock(m_mutex);
    m_deadlines.erase(socket);
}

void ConnectionWatch::linger(int socket)
{
    const std::lock_guard lock(m_mutex);
    m_deadlines.erase(socket);
    if (m_lingering.size() >= mostLingering)
        return;
    // A second descriptor keeps the connection alive when its owner closes the first.
    const int kept = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (kept < 0)
        return;
    ::shutdown(kept, SHUT_WR);
    const Time now = std::chrono::steady_clock::now();
    m_lingering.push_back({kept, now + longestLinger});
    wakeBefore(now + drainInterval);
}

void ConnectionWatch::wakeBefore(Time time)
{
    if (!m_wakeup || time < *m_wakeup)
        m_changed.notify_one();
}

void ConnectionWatch::watch()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        m_wakeup = nextWakeup();
        if (m_wakeup)
            m_changed.wait_until(lock, *m_wakeup);
        else
            m_changed.wait(lock);
        const Time now = std::chrono::steady_clock::now();
        shutDownLate(now);
        drain(now);
    }
}

std::optional<ConnectionWatch::Time> ConnectionWatch::nextWakeup() const
{
    std::optional<Time> next;
    for (const auto &[socket, deadline] : m_deadlines) {
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    }
    if (!m_lingering.empty()) {
        const Time soon = std::chrono::steady_clock::now() + drainInterval;
        next = next ? std::min(*next, soon) : soon;
    }
    return next;
}

void ConnectionWatch::shutDownLate(Time now)
{
    for (auto &[socket, deadline] : m_deadlines) {
        if (deadline && *deadline <= now) {
            ::shutdown(socket, SHUT_RDWR); // its owner sees the end, and closes
            deadline.reset();
        }
    }
}

void ConnectionWatch::drain(Time now)
{
    std::erase_if(m_lingering, [now](const Lingering &each) {
        if (now < each.end && dropArrived(each.socket))
            return false;
        ::close(each.socket);
        return true;
    });
}

} // namespace sandglass
