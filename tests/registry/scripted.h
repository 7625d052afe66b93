#pragma once

#include "services/registry/registryclient.h"
#include "tests/net/httptestserver.h"

#include <mutex>

namespace sandglass {

/// A registry that answers what a function says, and remembers what it was asked.
class ScriptedRegistry
{
public:
    using Answer = std::function<QByteArray(const TestRequest &)>; ///< whole, with its head

    explicit ScriptedRegistry(Answer answer)
        : m_answer(std::move(answer))
        , m_server(EngineAddress::Scheme::Tcp, [this](TestPeer &peer) {
            while (const auto request = peer.readRequest()) {
                const QByteArray body = peer.readBody(*request);
                {
                    const std::lock_guard lock(m_mutex);
                    m_requests.append(*request);
                    m_bodies.append(body);
                }
                const QByteArray bytes = m_answer(*request);
                if (bytes.isEmpty())
                    peer.waitForClose();
                else if (!peer.send(bytes) || bytes.contains("Connection: close"))
                    return;
            }
        })
    { }

    [[nodiscard]] QByteArray host() const
    {
        return "127.0.0.1:" + QByteArray::number(m_server.address().port);
    }
    [[nodiscard]] Registry description() const
    {
        Registry registry;
        registry.host = QString::fromLatin1(host());
        registry.repository = QStringLiteral("team/snapshots");
        registry.insecure = true;
        return registry;
    }
    [[nodiscard]] QList<TestRequest> requests() const
    {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }
    [[nodiscard]] QList<QByteArray> bodies() const
    {
        const std::lock_guard lock(m_mutex);
        return m_bodies;
    }
    /// Of all requests, in order.
    [[nodiscard]] QList<QByteArray> headers(const QByteArray &name) const
    {
        QList<QByteArray> values;
        for (const TestRequest &request : requests())
            values.append(request.headers.value(name));
        return values;
    }

private:
    Answer m_answer;
    mutable std::mutex m_mutex;
    QList<TestRequest> m_requests;
    QList<QByteArray> m_bodies;
    HttpTestServer m_server; // last: its threads use the rest
};

/// A whole answer; `headers` are lines that end in "\r\n".
[[nodiscard]] inline QByteArray
respond(int status, const QByteArray &headers, const QByteArray &body = {})
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Words\r\n" + headers
        + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

} // namespace sandglass
