#include "services/api/listensocket.h"

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int listenBacklog = 128;

socklen_t fillSocketAddress(sockaddr_storage &storage, const QHostAddress &address, quint16 port)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol) {
        auto &v4 = reinterpret_cast<sockaddr_in &>(storage);
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        v4.sin_addr.s_addr = htonl(address.toIPv4Address());
        return sizeof v4;
    }
    auto &v6 = reinterpret_cast<sockaddr_in6 &>(storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    std::memcpy(&v6.sin6_addr, &bytes, sizeof bytes);
    v6.sin6_scope_id = if_nametoindex(address.scopeId().toUtf8().constData());
    return sizeof v6;
}

quint16 boundPort(int descriptor)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr *>(&storage), &size) != 0)
        return 0;
    // The port is at the same place in both families.
    return ntohs(reinterpret_cast<const sockaddr_in &>(storage).sin_port);
}

} // namespace

ListenSocket::ListenSocket(int descriptor, quint16 port)
    : m_descriptor(descriptor)
    , m_port(port)
{ }

ListenSocket::ListenSocket(ListenSocket &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_port(other.m_port)
{ }

ListenSocket &ListenSocket::operator=(ListenSocket &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_port, other.m_port);
    return *this;
}

ListenSocket::~ListenSocket()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<ListenSocket> ListenSocket::open(const QHostAddress &address, quint16 port)
{
    sockaddr_storage storage{};
    const socklen_t size = fillSocketAddress(storage, address, port);
    ListenSocket socket(
        ::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), port);
    const int on = 1;
    const int off = 0;
    const int descriptor = socket.descriptor();
    const bool listens = descriptor >= 0
        && ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0
        && (storage.ss_family != AF_INET6
            || ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0)
        && ::bind(descriptor, reinterpret_cast<const sockaddr *>(&storage), size) == 0
        && ::listen(descriptor, listenBacklog) == 0;
    if (!listens) {
        const int reason = errno;
        return failure(
            reason == EADDRINUSE ? ErrorKind::Conflict : ErrorKind::InvalidArgument,
            u"listen on %1 port %2: %3"_s.arg(address.toString())
                .arg(port)
                .arg(QString::fromLocal8Bit(std::strerror(reason))));
    }
    socket.m_port = boundPort(descriptor);
    return socket;
}

void ListenSocket::refuse()
{
    ::shutdown(m_descriptor, SHUT_RDWR);
}

} // namespace sandglass
