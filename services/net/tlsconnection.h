#pragma once

#include "services/net/tcpconnection.h"

class QSslSocket;

namespace sandglass {

/// Why TLS ended, from the library's words for what the other side said ("... alert bad
/// certificate"). Pure.
[[nodiscard]] ConnectProblem tlsProblem(const QString &words, bool hasCertificate);

/// To an engine's port with TLS: the engine's certificate must be vouched for and name the
/// address's host; ours is shown when there is one.
class TlsConnection final : public TcpConnection
{
    Q_OBJECT
public:
    /// `address` has what TLS needs.
    TlsConnection(EngineAddress address, QObject *parent);

    void openConnection() override;
    [[nodiscard]] qint64 unsentBytes() const override;
    [[nodiscard]] std::optional<ConnectProblem> breakCause() const override;

protected:
    [[nodiscard]] ConnectProblem openProblem() const override;

private:
    [[nodiscard]] Done readFiles();

    QSslSocket &m_socket; // the stream
};

} // namespace sandglass
