#pragma once

#include "services/core/clock.h"
#include "services/domain/identifiers.h"

#include <QUrl>

#include <optional>

namespace sandglass {

enum class EngineState {
    Connecting, ///< not known yet
    Connected,
    Unreachable, ///< see error; tried again at nextAttemptAt
    Unsupported, ///< answers, but its API is too old or too new
};

[[nodiscard]] QString nameOf(EngineState state);
[[nodiscard]] EngineState engineStateFrom(const QString &name); ///< unknown gives Connecting

/// What TLS with an engine needs besides its address. Paths of PEM files, which are read anew for
/// each connection; what they hold is kept nowhere else.
struct TlsFiles
{
    QString authorities; ///< who may vouch for the engine; empty: whom the system trusts
    QString certificate; ///< ours; empty: none, and no key either
    QString key; ///< of our certificate, without a passphrase

    bool operator==(const TlsFiles &) const = default;
};

/// A parsed engine address. Pure.
struct EngineAddress
{
    enum class Scheme { Unix, Tcp, Ssh };
    Scheme scheme = Scheme::Unix;
    QString socketPath; ///< for Unix; for Ssh, empty: where docker looks for it there
    QString host; ///< for Tcp and Ssh
    quint16 port = 0; ///< for Tcp; for Ssh, 0: what ssh's own settings say
    QString user = {}; ///< for Ssh; empty: what ssh's own settings say
    std::optional<TlsFiles> tls = {}; ///< for Tcp: nothing means that it speaks without TLS

    bool operator==(const EngineAddress &) const = default;

    /// Accepts "unix:///path", "tcp://host[:port]" (when missing: 2376 with TLS, 2375 without) and
    /// "ssh://[user@]host[:port][/path/to/socket]". InvalidArgument with what is wrong otherwise.
    [[nodiscard]] static Result<EngineAddress>
    parse(const QString &text, const std::optional<TlsFiles> &tls = {});
    [[nodiscard]] QString text() const; ///< without what TLS needs
    /// Whether everybody on the way can read what is said, and whoever reaches the port owns the
    /// engine's host (fact V6): TCP without TLS, but to this machine.
    [[nodiscard]] bool isExposed() const;
};

/// A Docker-compatible engine and what was last known of it.
struct Engine
{
    EngineName name;
    QString address; ///< as EngineAddress::text
    std::optional<TlsFiles> tls;
    EngineState state = EngineState::Connecting;
    QString product; ///< "Docker", "Podman"; empty until it answered
    QString version; ///< of the engine, "20.10.24"; empty until it answered
    QString apiVersion; ///< the one we speak with it, "1.41"
    QString platform; ///< "linux/amd64"
    QString storageDriver;
    QString error; ///< why it is not connected, in words for people; empty when it is
    std::optional<Timestamp> lastSeenAt; ///< when it last answered
    std::optional<Timestamp> nextAttemptAt;
    qint64 changeSeq = 0;

    bool operator==(const Engine &) const = default;

    [[nodiscard]] Result<EngineAddress> parsedAddress() const; ///< as EngineAddress::parse
    void setAddress(const EngineAddress &where);
    [[nodiscard]] QString productAndVersion() const; ///< "Docker 20.10.24"; empty until it answered
};

} // namespace sandglass
