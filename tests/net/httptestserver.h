#pragma once

#include "services/domain/engine.h"

#include <QByteArray>
#include <QMap>
#include <QTemporaryDir>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace sandglass {

struct TestRequest
{
    QByteArray method;
    QByteArray target; ///< as it was on the wire
    QMap<QByteArray, QByteArray> headers; ///< names in lower case
};

/// The server's side of one connection, blocking.
class TestPeer
{
public:
    explicit TestPeer(int descriptor);

    /// Nothing when the client closed.
    [[nodiscard]] std::optional<TestRequest> readRequest();
    /// The request's body in pieces; false when the client closed before its end.
    bool readBody(const TestRequest &request, const std::function<void(QByteArrayView)> &take);
    [[nodiscard]] QByteArray readBody(const TestRequest &request);
    /// False when the client closed.
    bool send(QByteArrayView bytes);
    /// Sends a whole answer with a length.
    bool answer(int status, QByteArrayView body);
    /// Whether the client takes more bytes within this time.
    [[nodiscard]] bool takesMore(std::chrono::milliseconds within) const;
    /// Whether the client sends something, or closes, within this time.
    [[nodiscard]] bool hearsWithin(std::chrono::milliseconds time) const;
    void waitForClose();

private:
    [[nodiscard]] bool receive();
    [[nodiscard]] std::optional<QByteArray> readLine();

    int m_descriptor;
    QByteArray m_received;
};

/// A server that behaves as badly as its handler likes: the handler runs on a thread of its own per
/// connection, which is closed when it returns.
class HttpTestServer
{
public:
    using Handler = std::function<void(TestPeer &)>;

    /// Without a handler it listens, but accepts nobody, and its backlog is full.
    HttpTestServer(EngineAddress::Scheme scheme, Handler handler);
    ~HttpTestServer();
    HttpTestServer(const HttpTestServer &) = delete;
    HttpTestServer &operator=(const HttpTestServer &) = delete;

    [[nodiscard]] const EngineAddress &address() const { return m_address; }
    [[nodiscard]] int connections() const { return m_connections; } ///< accepted so far

private:
    void acceptPeers();
    void fillBacklog();

    QTemporaryDir m_folder;
    EngineAddress m_address;
    Handler m_handler;
    int m_listener = -1;
    std::atomic<int> m_connections = 0;
    std::thread m_acceptor;
    std::mutex m_mutex;
    std::vector<int> m_descriptors; // of peers that are served, and what fills the backlog
    std::vector<std::thread> m_threads;
};

} // namespace sandglass
