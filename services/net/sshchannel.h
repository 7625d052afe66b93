#pragma once

#include "services/domain/engine.h"

#include <memory>

#include <sys/types.h>

namespace sandglass {

/// One `ssh … docker system dial-stdio`: its standard input and output are a socket to an engine.
/// ssh alone checks the host's key and finds ours; it asks nobody for anything. Any thread.
class SshChannel
{
public:
    /// Starts it and does not wait for the connection. Unreachable when there is no ssh here.
    [[nodiscard]] static Result<std::unique_ptr<SshChannel>> open(const EngineAddress &address);
    ~SshChannel(); ///< ssh is gone when it returns
    SshChannel(const SshChannel &) = delete;
    SshChannel &operator=(const SshChannel &) = delete;

    [[nodiscard]] int descriptor() const { return m_socket; } ///< our end; stays its own
    /// What ssh and the program on the other side said so far besides the stream.
    [[nodiscard]] QString words() const;

private:
    SshChannel(int ourEnd, int words);
    [[nodiscard]] int start(const EngineAddress &address, int theirEnd);

    int m_socket;
    int m_words; ///< a file in memory: nobody must read it lest ssh wait
    pid_t m_process = -1;
};

} // namespace sandglass
