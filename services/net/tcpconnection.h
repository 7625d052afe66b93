#pragma once

#include "services/domain/engine.h"
#include "services/net/engineconnection.h"

namespace sandglass {

/// To an engine's port, without TLS.
class TcpConnection : public EngineConnection
{
    Q_OBJECT
public:
    TcpConnection(EngineAddress address, QObject *parent);

    void openConnection() override;

protected:
    TcpConnection(EngineAddress address, QTcpSocket *stream, QObject *parent);

    [[nodiscard]] const EngineAddress &address() const { return m_address; }
    /// What failed before it was open.
    [[nodiscard]] virtual ConnectProblem openProblem() const;
    void reportOpened();

private:
    EngineAddress m_address;
};

} // namespace sandglass
