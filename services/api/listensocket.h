#pragma once

#include "services/core/result.h"

#include <QHostAddress>

namespace sandglass {

/// A TCP socket that listens; closed when it goes.
class ListenSocket
{
public:
    /// Port 0 takes a free one. The wildcard "::" also takes IPv4. Conflict when somebody else
    /// listens there, InvalidArgument with the system's words otherwise.
    [[nodiscard]] static Result<ListenSocket> open(const QHostAddress &address, quint16 port);

    ListenSocket(ListenSocket &&other) noexcept;
    ListenSocket &operator=(ListenSocket &&other) noexcept;
    ~ListenSocket();

    [[nodiscard]] int descriptor() const { return m_descriptor; }
    [[nodiscard]] quint16 port() const { return m_port; }

    /// Takes no more connections; who connects from now on is refused.
    void refuse();

private:
    ListenSocket(int descriptor, quint16 port);
    int m_descriptor = -1;
    quint16 m_port = 0;
};

} // namespace sandglass
