#include "tests/net/httptestserver.h"

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int blockSize = 1024 * 1024;

sockaddr_un unixName(const QString &path)
{
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const QByteArray bytes = path.toUtf8();
    std::memcpy(name.sun_path, bytes.constData(), std::size_t(bytes.size()));
    return name;
}

sockaddr_in tcpName(quint16 port)
{
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    name.sin_port = htons(port);
    return name;
}

template <class Name> const sockaddr *generic(const Name &name)
{
    return reinterpret_cast<const sockaddr *>(&name);
}

} // namespace

TestPeer::TestPeer(int descriptor)
    : m_descriptor(descriptor)
{ }

bool TestPeer::receive()
{
    const qsizetype before = m_received.size();
    m_received.resize(before + blockSize);
    const auto count = ::recv(m_descriptor, m_received.data() + before, blockSize, 0);
    m_received.truncate(before + qMax<qsizetype>(0, count));
    return count > 0;
}

std::optional<QByteArray> TestPeer::readLine()
{
    qsizetype end = 0;
    while ((end = m_received.indexOf("\r\n")) < 0) {
        if (!receive())
            return std::nullopt;
    }
    const QByteArray line = m_received.left(end);
    m_received.remove(0, end + 2);
    return line;
}

std::optional<TestRequest> TestPeer::readRequest()
{
    const auto first = readLine();
    if (!first)
        return std::nullopt;
    const QList<QByteArray> words = first->split(' ');
    TestRequest request{words.value(0), words.value(1), {}};
    for (;;) {
        const auto line = readLine();
        if (!line)
            return std::nullopt;
        if (line->isEmpty())
            return request;
        const qsizetype colon = line->indexOf(':');
        request.headers.insert(line->left(colon).toLower(), line->mid(colon + 1).trimmed());
    }
}

bool TestPeer::readBody(const TestRequest &request, const std::function<void(QByteArrayView)> &take)
{
    const auto readExactly = [&](qint64 size) {
        while (size > 0) {
            if (m_received.isEmpty() && !receive())
                return false;
            const qsizetype part = qMin<qsizetype>(size, m_received.size());
            take(QByteArrayView(m_received).first(part));
            m_received.remove(0, part);
            size -= part;
        }
        return true;
    };
    if (request.headers.value("transfer-encoding") != "chunked")
        return readExactly(request.headers.value("content-length").toLongLong());
    for (;;) {
        const auto size = readLine();
        if (!size)
            return false;
        const qint64 length = size->toLongLong(nullptr, 16);
        if (!readExactly(length) || !readLine())
            return false;
        if (length == 0)
            return true;
    }
}

QByteArray TestPeer::readBody(const TestRequest &request)
{
    QByteArray body;
    readBody(request, [&body](QByteArrayView part) { body.append(part); });
    return body;
}

bool TestPeer::send(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const auto count =
            ::send(m_descriptor, bytes.data(), std::size_t(bytes.size()), MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        bytes = bytes.sliced(count);
    }
    return true;
}

bool TestPeer::answer(int status, QByteArrayView body)
{
    return send(
        "HTTP/1.1 " + QByteArray::number(status) + " Words\r\nContent-Length: "
        + QByteArray::number(body.size()) + "\r\n\r\n" + body.toByteArray());
}

bool TestPeer::takesMore(std::chrono::milliseconds within) const
{
    pollfd question{m_descriptor, POLLOUT, 0};
    return ::poll(&question, 1, int(within.count())) > 0;
}

bool TestPeer::hearsWithin(std::chrono::milliseconds time) const
{
    pollfd question{m_descriptor, POLLIN, 0};
    return ::poll(&question, 1, int(time.count())) > 0;
}

void TestPeer::waitForClose()
{
    while (receive())
        m_received.clear();
}

HttpTestServer::HttpTestServer(EngineAddress::Scheme scheme, Handler handler)
    : m_handler(std::move(handler))
{
    m_address.scheme = scheme;
    bool listening = false;
    const int backlog = m_handler ? 64 : 0;
    if (scheme == EngineAddress::Scheme::Unix) {
        m_address.socketPath = m_folder.filePath(u"s"_s);
        m_listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_un name = unixName(m_address.socketPath);
        listening = ::bind(m_listener, generic(name), sizeof name) == 0
            && ::listen(m_listener, backlog) == 0;
    } else {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in name = tcpName(0);
        socklen_t size = sizeof name;
        listening = ::bind(m_listener, generic(name), sizeof name) == 0
            && ::listen(m_listener, backlog) == 0
            && ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&name), &size) == 0;
        m_address.host = u"127.0.0.1"_s;
        m_address.port = ntohs(name.sin_port);
    }
    if (!listening)
        qFatal("the test server cannot listen");
    if (m_handler)
        m_acceptor = std::thread([this] { acceptPeers(); });
    else
        fillBacklog();
}

HttpTestServer::~HttpTestServer()
{
    if (m_acceptor.joinable()) {
        ::shutdown(m_listener, SHUT_RDWR); // wakes accept()
        m_acceptor.join();
    }
    {
        const std::lock_guard lock(m_mutex);
        for (const int descriptor : m_descriptors)
            ::shutdown(descriptor, SHUT_RDWR);
    }
    for (std::thread &thread : m_threads)
        thread.join();
    if (!m_handler) {
        for (const int descriptor : m_descriptors)
            ::close(descriptor);
    }
    ::close(m_listener);
}

void HttpTestServer::acceptPeers()
{
    for (;;) {
        const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0)
            return;
        ++m_connections;
        const std::lock_guard lock(m_mutex);
        m_descriptors.push_back(descriptor);
        m_threads.emplace_back([this, descriptor] {
            TestPeer peer(descriptor);
            m_handler(peer);
            const std::lock_guard closing(m_mutex);
            std::erase(m_descriptors, descriptor);
            ::close(descriptor);
        });
    }
}

/// A full UNIX backlog refuses at once and a full TCP one hangs, so these connections do not wait.
void HttpTestServer::fillBacklog()
{
    constexpr int moreThanFit = 4;
    const bool isUnix = m_address.scheme == EngineAddress::Scheme::Unix;
    const sockaddr_un unixAddress = unixName(m_address.socketPath);
    const sockaddr_in tcpAddress = tcpName(m_address.port);
    for (int i = 0; i < moreThanFit; ++i) {
        const int descriptor =
            ::socket(isUnix ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (isUnix)
            (void)::connect(descriptor, generic(unixAddress), sizeof unixAddress);
        else
            (void)::connect(descriptor, generic(tcpAddress), sizeof tcpAddress);
        m_descriptors.push_back(descriptor);
    }
}

} // namespace sandglass
