#include "services/net/unixconnection.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto fullBacklogPause = 20ms;

bool isSocketFile(const QString &path)
{
    struct stat status
    { };
    return ::stat(QFile::encodeName(path).constData(), &status) == 0 && S_ISSOCK(status.st_mode);
}

} // namespace

ConnectProblem unixConnectProblem(int errorNumber, const QString &path)
{
    switch (errorNumber) {
    case ENOENT:
    case ENOTDIR:
        return {QNetworkReply::ConnectionRefusedError, u"the socket does not exist"_s};
    case EACCES:
    case EPERM:
        return {QNetworkReply::ContentAccessDenied, u"no permission to open the socket"_s};
    case EPROTOTYPE:
        return {QNetworkReply::ProtocolFailure, u"the socket is not a stream socket"_s};
    case ECONNREFUSED:
        if (!isSocketFile(path))
            return {QNetworkReply::ProtocolFailure, u"the file is not a socket"_s};
        return {
            QNetworkReply::ConnectionRefusedError,
            u"connection refused: the socket exists, but nobody listens on it"_s};
    default:
        return {
            QNetworkReply::UnknownNetworkError,
            u"the socket cannot be connected: "_s + qt_error_string(errorNumber)};
    }
}

UnixConnection::UnixConnection(const QString &path, QObject *parent)
    : EngineConnection(new QTcpSocket, parent)
    , m_path(path)
    , m_nextTry(this)
{
    m_nextTry.setSingleShot(true);
    connect(&m_nextTry, &QTimer::timeout, this, &UnixConnection::tryToConnect);
}

void UnixConnection::openConnection()
{
    Q_EMIT
    connecting();
    m_nextTry.start(0ms);
}

// By hand, because QLocalSocket keeps a processor busy while the backlog is full and names no
// cause.
void UnixConnection::tryToConnect()
{
    const QByteArray path = QFile::encodeName(m_path);
    sockaddr_un target{};
    target.sun_family = AF_UNIX;
    int problem = ENAMETOOLONG;
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        problem = errno;
    } else if (path.size() < qsizetype(sizeof target.sun_path)) {
        std::memcpy(target.sun_path, path.constData(), std::size_t(path.size()));
        const auto *address = reinterpret_cast<const sockaddr *>(&target);
        problem = ::connect(descriptor, address, sizeof target) == 0 ? 0 : errno;
    }
    if (problem == 0 && adopt(descriptor)) {
        Q_EMIT
        opened();
        return;
    }
    if (descriptor >= 0)
        ::close(descriptor);
    if (problem == EAGAIN || problem == EINTR) {
        m_nextTry.start(fullBacklogPause);
        return;
    }
    const ConnectProblem words = unixConnectProblem(problem, m_path);
    Q_EMIT
    notOpened(words.error, words.detail);
}

void UnixConnection::discard()
{
    m_nextTry.stop();
    EngineConnection::discard();
}

} // namespace sandglass
