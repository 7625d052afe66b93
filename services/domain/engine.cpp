#include "services/domain/engine.h"

#include "services/core/names.h"

#include <QRegularExpression>

#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int defaultPlainPort = 2375;
constexpr int defaultTlsPort = 2376;
constexpr int longestSocketPath = 107; // sun_path of sockaddr_un, less its terminating zero

const std::array engineStateNames{
    std::pair{EngineState::Connecting, u"connecting"_s},
    std::pair{EngineState::Connected, u"connected"_s},
    std::pair{EngineState::Unreachable, u"unreachable"_s},
    std::pair{EngineState::Unsupported, u"unsupported"_s},
};

Done checkTlsFiles(const TlsFiles &tls)
{
    if (tls.certificate.isEmpty() != tls.key.isEmpty()) {
        return failure(
            ErrorKind::InvalidArgument, u"a client certificate and its key belong together"_s);
    }
    for (const QString &path : {tls.authorities, tls.certificate, tls.key}) {
        if (!path.isEmpty() && !path.startsWith(u'/')) {
            return failure(
                ErrorKind::InvalidArgument, u"\"%1\" is not a whole path"_s.arg(path.left(200)));
        }
    }
    return {};
}

/// What neither ssh takes for an option nor a shell on the other side for more than a word.
bool isPlainWord(const QString &text)
{
    static const QRegularExpression pattern(uR"(\A([A-Za-z0-9/_.:][A-Za-z0-9/_.:-]*)?\z)"_s);
    return pattern.match(text).hasMatch();
}

} // namespace

QString nameOf(EngineState state)
{
    return nameIn(engineStateNames, state);
}
EngineState engineStateFrom(const QString &name)
{
    return valueIn(engineStateNames, name, EngineState::Connecting);
}

Result<EngineAddress> EngineAddress::parse(const QString &text, const std::optional<TlsFiles> &tls)
{
    const auto refuse = [&text](const QString &why) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" is not an engine address: %2"_s.arg(text.left(200), why));
    };
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid())
        return refuse(u"write unix:///path/to/socket, tcp://host:port or ssh://user@host"_s);
    if (tls && url.scheme() != "tcp"_L1)
        return refuse(u"only tcp:// is used with TLS"_s);
    EngineAddress address;
    if (url.scheme() == "unix"_L1) {
        address.socketPath = url.path();
        if (!url.host().isEmpty() || !address.socketPath.startsWith(u'/'))
            return refuse(u"a socket path starts with three slashes, unix:///"_s);
        if (address.socketPath.toUtf8().size() > longestSocketPath)
            return refuse(u"a socket path has at most %1 bytes"_s.arg(longestSocketPath));
        return address;
    }
    if (url.scheme() == "tcp"_L1) {
        address.scheme = Scheme::Tcp;
        address.host = url.host();
        address.port = quint16(url.port(tls ? defaultTlsPort : defaultPlainPort));
        if (address.host.isEmpty())
            return refuse(u"the host is missing"_s);
        if (!url.userInfo().isEmpty() || (!url.path().isEmpty() && url.path() != "/"_L1))
            return refuse(u"only a host and a port are expected"_s);
        if (tls)
            SANDGLASS_CHECK(checkTlsFiles(*tls));
        address.tls = tls;
        return address;
    }
    if (url.scheme() == "ssh"_L1) {
        address.scheme = Scheme::Ssh;
        address.user = url.userName();
        address.host = url.host();
        address.port = quint16(url.port(0));
        address.socketPath = url.path() == "/"_L1 ? QString() : url.path();
        if (address.host.isEmpty())
            return refuse(u"the host is missing"_s);
        if (!url.password().isEmpty())
            return refuse(u"ssh is given no password; use a key"_s);
        if (!isPlainWord(address.user) || !isPlainWord(address.host)
            || !isPlainWord(address.socketPath))
            return refuse(u"only letters, digits and . _ - : / are expected"_s);
        return address;
    }
    return refuse(u"\"%1\" is not supported; use unix://, tcp:// or ssh://"_s.arg(url.scheme()));
}

QString EngineAddress::text() const
{
    if (scheme == Scheme::Unix)
        return u"unix://"_s + socketPath;
    const QString name = host.contains(u':') ? u'[' + host + u']' : host;
    const QString atPort = port == 0 ? name : name + u':' + QString::number(port);
    if (scheme == Scheme::Tcp)
        return u"tcp://"_s + atPort;
    return u"ssh://"_s + (user.isEmpty() ? QString() : user + u'@') + atPort + socketPath;
}

bool EngineAddress::isExposed() const
{
    static const QRegularExpression loopback(
        uR"(\A(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)\z)"_s);
    return scheme == Scheme::Tcp && !tls && !loopback.match(host).hasMatch();
}

Result<EngineAddress> Engine::parsedAddress() const
{
    return EngineAddress::parse(address, tls);
}

QString Engine::productAndVersion() const
{
    return QString(product + u' ' + version).trimmed();
}

void Engine::setAddress(const EngineAddress &where)
{
    address = where.text();
    tls = where.tls;
}

} // namespace sandglass
