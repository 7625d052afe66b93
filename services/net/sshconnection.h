#pragma once

#include "services/net/engineconnection.h"
#include "services/net/sshchannels.h"

#include <QTimer>

namespace sandglass {

/// Why a channel ended, from what ssh and docker on the other side said; nothing when they said
/// nothing. Pure.
[[nodiscard]] std::optional<ConnectProblem>
sshProblem(const QString &words, const EngineAddress &address);

/// To an engine on another host through one of its ssh channels, which it waits for.
class SshConnection final : public EngineConnection
{
    Q_OBJECT
public:
    SshConnection(
        EngineAddress address,
        std::shared_ptr<SshChannels> channels,
        ChannelUse use,
        QObject *parent);
    ~SshConnection() override;

    void openConnection() override;
    [[nodiscard]] std::optional<ConnectProblem> breakCause() const override;
    [[nodiscard]] bool handOver() override;
    void discard() override;

private:
    void tryToTake();
    void giveBack();

    EngineAddress m_address;
    std::shared_ptr<SshChannels> m_channels;
    ChannelUse m_use;
    std::unique_ptr<SshChannel> m_channel;
    bool m_isHandedOver = false;
    QTimer m_nextTry;
};

} // namespace sandglass
