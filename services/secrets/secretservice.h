#pragma once

#include "services/secrets/mainthread.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>

namespace sandglass {

/// What stands between us and the secrets that people keep in their session.
enum class KeyringState {
    Absent, ///< the service runs, but no keyring was ever made
    Locked,
    Unlocked,
};

/// The keyring that secrets are kept in when nobody says otherwise.
struct Keyring
{
    KeyringState state = KeyringState::Absent;
    QDBusObjectPath path; ///< meaningless when absent
};

/// "org.freedesktop.secrets".
[[nodiscard]] QString secretServiceName();
/// A call of the service itself, as yet without arguments.
[[nodiscard]] QDBusMessage secretServiceCall(const QString &method);

/// Asks the Secret Service (org.freedesktop.secrets: gnome-keyring, KWallet, KeePassXC) on D-Bus
/// about its default keyring. Has a connection of its own, so that a session that begins later is
/// found. Created, used and destroyed on a worker thread.
class SecretService
{
public:
    using Deadline = std::chrono::steady_clock::time_point;

    SecretService();
    ~SecretService();
    SecretService(const SecretService &) = delete;
    SecretService &operator=(const SecretService &) = delete;

    /// CredentialsMissing: no D-Bus session, or no Secret Service on it. TimedOut. Cancelled.
    [[nodiscard]] Result<Keyring>
    keyring(MainThread &mainThread, Deadline deadline, const CancelToken &cancel) const;

    /// Has the service ask the person to unlock the keyring. The question is closed when this
    /// ends. CredentialsLocked: dismissed, or not answered until the deadline.
    [[nodiscard]] Done unlock(
        const Keyring &keyring,
        MainThread &mainThread,
        Deadline deadline,
        const CancelToken &cancel) const;

private:
    [[nodiscard]] Result<QDBusMessage>
    ask(const QDBusMessage &question,
        MainThread &mainThread,
        Deadline deadline,
        const CancelToken &cancel) const;

    QString m_connectionName;
    QDBusConnection m_connection;
};

} // namespace sandglass
