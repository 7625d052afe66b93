#include "services/net/sshchannel.h"

#include <QStringList>

#include <array>
#include <cerrno>
#include <csignal>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestWords = 16 * 1024;

/// BatchMode: no questions. ControlMaster=no: nobody else's connection ends with this one, but one
/// that is shared already is used. ServerAlive: a host that vanished is noticed within 30 s.
QStringList argumentsFor(const EngineAddress &address)
{
    QStringList arguments{u"ssh"_s, u"-T"_s};
    for (const QString &option :
         {u"BatchMode=yes"_s,
          u"ConnectTimeout=5"_s,
          u"ControlMaster=no"_s,
          u"ServerAliveInterval=10"_s,
          u"ServerAliveCountMax=3"_s})
        arguments << u"-o"_s << option;
    if (!address.user.isEmpty())
        arguments << u"-l"_s << address.user;
    if (address.port != 0)
        arguments << u"-p"_s << QString::number(address.port);
    arguments << u"--"_s << address.host << u"docker"_s;
    if (!address.socketPath.isEmpty())
        arguments << u"--host"_s << u"unix://"_s + address.socketPath;
    return arguments << u"system"_s << u"dial-stdio"_s;
}

Error startError(int number)
{
    return {
        ErrorKind::Unreachable,
        number == ENOENT ? u"the program ssh is not installed here"_s
                         : u"ssh cannot be started: "_s + qt_error_string(number),
        {},
        {},
        0};
}

} // namespace

Result<std::unique_ptr<SshChannel>> SshChannel::open(const EngineAddress &address)
{
    std::array<int, 2> ends{-1, -1};
    const int words = ::memfd_create("ssh's words", MFD_CLOEXEC);
    if (words < 0)
        return failure(startError(errno));
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        const int problem = errno;
        ::close(words);
        return failure(startError(problem));
    }
    std::unique_ptr<SshChannel> channel(new SshChannel(ends[0], words));
    const int problem = channel->start(address, ends[1]);
    ::close(ends[1]);
    if (problem != 0)
        return failure(startError(problem));
    return channel;
}

SshChannel::SshChannel(int ourEnd, int words)
    : m_socket(ourEnd)
    , m_words(words)
{ }

SshChannel::~SshChannel()
{
    if (m_process > 0) {
        ::kill(-m_process, SIGKILL); // with what it may have started as its proxy
        while (::waitpid(m_process, nullptr, 0) < 0 && errno == EINTR) { }
    }
    ::close(m_socket);
    ::close(m_words);
}

/// 0, or an error number. In a session of its own ssh has no terminal to ask at, and what stops us
/// from the keyboard does not reach it first.
int SshChannel::start(const EngineAddress &address, int theirEnd)
{
    std::vector<QByteArray> texts;
    for (const QString &argument : argumentsFor(address))
        texts.push_back(argument.toUtf8());
    std::vector<char *> arguments;
    for (QByteArray &text : texts)
        arguments.push_back(text.data());
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, theirEnd, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, theirEnd, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, m_words, STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);

    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes, &signals);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    const int problem = ::posix_spawnp(
        &m_process, arguments.front(), &files, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    return problem;
}

QString SshChannel::words() const
{
    QByteArray bytes(longestWords, Qt::Uninitialized);
    const auto count = ::pread(m_words, bytes.data(), std::size_t(bytes.size()), 0);
    bytes.truncate(count > 0 ? qsizetype(count) : 0);
    return QString::fromLocal8Bit(bytes).trimmed();
}

} // namespace sandglass
