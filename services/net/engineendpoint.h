#pragma once

#include "services/net/sshchannels.h"

#include <memory>

namespace sandglass {

/// Where an engine is, with what all connections to it share. Copies share it too.
struct EngineEndpoint
{
    EngineEndpoint() = default;
    /// Shares with nobody yet. Implicit, because an address is all that most engines need.
    EngineEndpoint(EngineAddress where) // NOLINT(google-explicit-constructor)
        : address(std::move(where))
    {
        if (address.scheme == EngineAddress::Scheme::Ssh)
            channels = std::make_shared<SshChannels>(address);
    }

    EngineAddress address;
    std::shared_ptr<SshChannels> channels; ///< for Ssh
};

} // namespace sandglass
