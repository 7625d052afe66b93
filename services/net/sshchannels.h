#pragma once

#include "services/net/sshchannel.h"

#include <mutex>
#include <vector>

namespace sandglass {

enum class ChannelUse {
    Short,
    Long, ///< for as long as some work takes, or for ever
};

/// The ssh channels to one engine, which all who talk to it share. sshd throttles whoever opens
/// many (fact V5), so there are at most `most`; long uses leave one to the others. Any thread.
class SshChannels
{
public:
    static constexpr int most = 4;
    static constexpr int mostLong = most - 1;

    struct Taken
    {
        std::unique_ptr<SshChannel> channel; ///< null: all are in use, try again later
        bool servedBefore = false;
    };

    explicit SshChannels(EngineAddress address);

    /// One that somebody gave back, else a new one. Errors as SshChannel::open.
    [[nodiscard]] Result<Taken> take(ChannelUse use);
    /// Ends what take() gave. Null: the channel is of no use to others, and gone.
    void giveBack(std::unique_ptr<SshChannel> channel, ChannelUse use);
    /// Ends those that nobody uses, and the others as soon as they are given back.
    void close();

private:
    const EngineAddress m_address;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<SshChannel>> m_idle;
    int m_taken = 0;
    int m_takenLong = 0;
    bool m_isClosed = false;
};

} // namespace sandglass
