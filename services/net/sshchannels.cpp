#include "services/net/sshchannels.h"

#include <cerrno>

#include <sys/socket.h>

namespace sandglass {

namespace {

/// With nothing unread, and not ended by the other side.
bool isFit(const SshChannel &channel)
{
    char byte = 0;
    const auto count = ::recv(channel.descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

} // namespace

SshChannels::SshChannels(EngineAddress address)
    : m_address(std::move(address))
{ }

Result<SshChannels::Taken> SshChannels::take(ChannelUse use)
{
    const std::lock_guard lock(m_mutex);
    if (m_taken == most || (use == ChannelUse::Long && m_takenLong == mostLong))
        return Taken{};
    Taken taken;
    while (!taken.servedBefore && !m_idle.empty()) {
        taken.channel = std::move(m_idle.back());
        m_idle.pop_back();
        taken.servedBefore = isFit(*taken.channel);
    }
    if (!taken.servedBefore) {
        SANDGLASS_TRY(taken.channel, SshChannel::open(m_address));
    }
    ++m_taken;
    m_takenLong += use == ChannelUse::Long ? 1 : 0;
    return taken;
}

void SshChannels::giveBack(std::unique_ptr<SshChannel> channel, ChannelUse use)
{
    const std::lock_guard lock(m_mutex);
    --m_taken;
    m_takenLong -= use == ChannelUse::Long ? 1 : 0;
    if (channel != nullptr && !m_isClosed)
        m_idle.push_back(std::move(channel));
}

void SshChannels::close()
{
    const std::lock_guard lock(m_mutex);
    m_isClosed = true;
    m_idle.clear();
}

} // namespace sandglass
