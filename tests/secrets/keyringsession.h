#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace sandglass {

/// A person's session of its own: a home folder, a D-Bus and a gnome-keyring-daemon. All of it is
/// gone with it. No keychain is started by itself.
class KeyringSession
{
public:
    KeyringSession();
    ~KeyringSession();

    void setDisplay(const QString &display) { m_display = display; }
    /// A prompter that never asks anybody, nor answers.
    void installSilentPrompter();
    [[nodiscard]] bool wasPrompted() const; ///< that prompter was called

    [[nodiscard]] bool startBus();
    void killBus() { end(*m_bus); }
    /// With a password it unlocks the login keyring, which it makes where there is none.
    [[nodiscard]] bool startKeychain(const QByteArray &password = {});
    void killKeychain() { end(*m_keychain); }
    /// A frozen keychain takes questions and is silent.
    void freezeKeychain(bool frozen) const;

    [[nodiscard]] QProcessEnvironment environment() const;
    [[nodiscard]] QString home() const { return m_home.path(); }

private:
    static void end(QProcess &process);

    QTemporaryDir m_home;
    QString m_busAddress;
    QString m_display;
    std::unique_ptr<QProcess> m_bus = std::make_unique<QProcess>();
    std::unique_ptr<QProcess> m_keychain = std::make_unique<QProcess>();
};

/// A keychainprobe in a session.
class KeychainProbe
{
public:
    explicit KeychainProbe(
        const QProcessEnvironment &environment,
        std::chrono::milliseconds limit = std::chrono::seconds(20));
    ~KeychainProbe();

    void tell(const QByteArray &order);
    [[nodiscard]] QString answer(); ///< the next one; empty when none comes
    [[nodiscard]] QString ask(const QByteArray &order);
    /// What it logged so far, at the most verbose.
    [[nodiscard]] QByteArray log() const { return m_log; }
    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }
    [[nodiscard]] qint64 process() const { return m_process.processId(); }

private:
    QProcess m_process;
    QByteArray m_log;
};

} // namespace sandglass
