#include "services/net/sshconnection.h"

#include <algorithm>

#include <fcntl.h>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto allTakenPause = 20ms;

struct Cause
{
    QStringList signs; ///< any of them tells it
    QNetworkReply::NetworkError error;
    QString detail; ///< %1 is the host
};

const QList<Cause> &causes()
{
    static const QList<Cause> table{
        {{u"REMOTE HOST IDENTIFICATION HAS CHANGED"_s},
         QNetworkReply::SslHandshakeFailedError,
         u"the host key of %1 is not the one that ssh knows: somebody may stand between, or the "
         "host was set up anew; if you know that it was, forget the old key with ssh-keygen -R"_s},
        {{u"Host key verification failed"_s, u"host key is known"_s},
         QNetworkReply::SslHandshakeFailedError,
         u"ssh does not know the host key of %1: connect once with ssh in a terminal and check it"_s},
        {{u"permission denied while trying to connect"_s, u"connect: permission denied"_s},
         QNetworkReply::ContentAccessDenied,
         u"the user on %1 may not use the engine's socket there"_s},
        {{u"Permission denied ("_s, u"Too many authentication failures"_s},
         QNetworkReply::SslHandshakeFailedError,
         u"%1 accepts no key of ours; keys with a passphrase must be in the ssh agent, and no "
         "password is asked for"_s},
        {{u"Could not resolve hostname"_s},
         QNetworkReply::HostNotFoundError,
         u"the host name %1 is not known"_s},
        {{u"Connection timed out"_s, u"Operation timed out"_s, u"No route to host"_s},
         QNetworkReply::UnknownNetworkError,
         u"%1 does not answer ssh"_s},
        {{u": Connection refused"_s},
         QNetworkReply::ConnectionRefusedError,
         u"%1 refuses ssh connections"_s},
        {{u"not found"_s},
         QNetworkReply::ConnectionRefusedError,
         u"docker is not installed on %1, or not where its shell looks"_s},
        {{u"Cannot connect to the Docker daemon"_s, u"dial unix"_s},
         QNetworkReply::ConnectionRefusedError,
         u"docker on %1 cannot reach its engine"_s},
        {{u"Connection closed"_s,
          u"Connection to "_s,
          u"Connection reset"_s,
          u"Broken pipe"_s,
          u"not responding"_s},
         QNetworkReply::RemoteHostClosedError,
         u"the ssh connection to %1 was lost"_s},
    };
    return table;
}

} // namespace

std::optional<ConnectProblem> sshProblem(const QString &words, const EngineAddress &address)
{
    for (const Cause &cause : causes()) {
        if (std::any_of(cause.signs.begin(), cause.signs.end(), [&words](const QString &sign) {
                return words.contains(sign);
            }))
            return ConnectProblem{cause.error, cause.detail.arg(address.host)};
    }
    if (words.isEmpty())
        return {};
    return ConnectProblem{
        QNetworkReply::UnknownNetworkError, u"ssh to %1 failed: %2"_s.arg(address.host, words)};
}

SshConnection::SshConnection(
    EngineAddress address, std::shared_ptr<SshChannels> channels, ChannelUse use, QObject *parent)
    : EngineConnection(new QTcpSocket, parent)
    , m_address(std::move(address))
    , m_channels(std::move(channels))
    , m_use(use)
    , m_nextTry(this)
{
    m_nextTry.setSingleShot(true);
    connect(&m_nextTry, &QTimer::timeout, this, &SshConnection::tryToTake);
}

SshConnection::~SshConnection()
{
    giveBack();
}

void SshConnection::openConnection()
{
    m_nextTry.start(0ms);
}

void SshConnection::tryToTake()
{
    Result<SshChannels::Taken> taken = m_channels->take(m_use);
    if (!taken) {
        Q_EMIT
        notOpened(QNetworkReply::UnknownNetworkError, taken.error().detail);
        return;
    }
    if (taken->channel == nullptr) {
        m_nextTry.start(allTakenPause);
        return;
    }
    m_channel = std::move(taken->channel);
    if (taken->servedBefore)
        setServedBefore();
    Q_EMIT
    connecting();
    // The stream closes its descriptor, and the channel is to outlive it.
    const int descriptor = ::fcntl(m_channel->descriptor(), F_DUPFD_CLOEXEC, 0);
    if (adopt(descriptor)) {
        Q_EMIT
        opened();
    } else {
        Q_EMIT
        notOpened(QNetworkReply::UnknownNetworkError, u"no descriptor is left for ssh"_s);
    }
}

std::optional<ConnectProblem> SshConnection::breakCause() const
{
    return m_channel == nullptr ? std::nullopt : sshProblem(m_channel->words(), m_address);
}

bool SshConnection::handOver()
{
    m_isHandedOver = true;
    return true;
}

void SshConnection::discard()
{
    m_nextTry.stop();
    EngineConnection::discard();
    giveBack();
}

void SshConnection::giveBack()
{
    if (m_channel == nullptr)
        return;
    if (!m_isHandedOver)
        m_channel.reset();
    m_channels->giveBack(std::move(m_channel), m_use);
}

} // namespace sandglass
