#include "tests/secrets/keyringsession.h"

#include "tests/support/waitfor.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusReply>
#include <QDir>
#include <QFile>

#include <csignal>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// A bus that starts nothing but what the folder's service files say.
QByteArray busConfiguration(const QString &folder)
{
    return uR"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%1/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>%1/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)"_s.arg(folder)
        .toUtf8();
}

bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

bool isRegistered(const QString &busAddress, const QString &name)
{
    const QString connectionName = u"keyring-session"_s;
    bool found = false;
    {
        const QDBusConnection bus = QDBusConnection::connectToBus(busAddress, connectionName);
        found = bus.isConnected() && bus.interface()->isServiceRegistered(name);
    }
    QDBusConnection::disconnectFromBus(connectionName);
    return found;
}

} // namespace

KeyringSession::KeyringSession()
{
    const QDir home(m_home.path());
    home.mkpath(u"services"_s);
    home.mkpath(u".local/share/keyrings"_s);
    home.mkdir(u"run"_s);
    QFile::setPermissions(
        home.filePath(u"run"_s), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

KeyringSession::~KeyringSession()
{
    end(*m_keychain);
    end(*m_bus);
}

void KeyringSession::installSilentPrompter()
{
    const QString path = home() + u"/services/org.gnome.keyring.SystemPrompter.service"_s;
    if (!writeFile(
            path,
            "[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\n"
            "Exec=/usr/bin/timeout 60 /bin/sh -c \"touch $HOME/prompted; exec tail -f "
            "/dev/null\"\n"))
        qFatal("%s cannot be written", qPrintable(path));
}

bool KeyringSession::wasPrompted() const
{
    return QFile::exists(home() + u"/prompted"_s);
}

bool KeyringSession::startBus()
{
    const QString configuration = home() + u"/bus.conf"_s;
    if (!writeFile(configuration, busConfiguration(home())))
        return false;
    m_bus->setProcessEnvironment(environment());
    m_bus->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_bus->start(
        u"dbus-daemon"_s,
        {u"--nofork"_s, u"--print-address"_s, u"--config-file="_s + configuration});
    if (!waitFor([this] { return m_bus->canReadLine(); }))
        return false;
    m_busAddress = QString::fromUtf8(m_bus->readLine()).trimmed();
    return true;
}

bool KeyringSession::startKeychain(const QByteArray &password)
{
    QStringList arguments{u"--foreground"_s, u"--components=secrets"_s};
    if (!password.isEmpty())
        arguments << u"--unlock"_s;
    m_keychain->setProcessEnvironment(environment());
    m_keychain->setProcessChannelMode(QProcess::MergedChannels);
    m_keychain->start(u"gnome-keyring-daemon"_s, arguments);
    m_keychain->write(password);
    m_keychain->closeWriteChannel();
    return waitFor([this] { return isRegistered(m_busAddress, u"org.freedesktop.secrets"_s); });
}

void KeyringSession::freezeKeychain(bool frozen) const
{
    ::kill(pid_t(m_keychain->processId()), frozen ? SIGSTOP : SIGCONT);
}

QProcessEnvironment KeyringSession::environment() const
{
    QProcessEnvironment environment;
    environment.insert(u"PATH"_s, qEnvironmentVariable("PATH"));
    environment.insert(u"HOME"_s, home());
    environment.insert(u"XDG_DATA_HOME"_s, home() + u"/.local/share"_s);
    environment.insert(u"XDG_CONFIG_HOME"_s, home() + u"/.config"_s);
    environment.insert(u"XDG_RUNTIME_DIR"_s, home() + u"/run"_s);
    environment.insert(u"QT_LOGGING_RULES"_s, u"*=true"_s);
    environment.insert(u"G_MESSAGES_DEBUG"_s, u"all"_s);
    if (!m_busAddress.isEmpty())
        environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, m_busAddress);
    if (!m_display.isEmpty())
        environment.insert(u"DISPLAY"_s, m_display);
    return environment;
}

void KeyringSession::end(QProcess &process)
{
    process.kill();
    process.waitForFinished();
}

KeychainProbe::KeychainProbe(
    const QProcessEnvironment &environment, std::chrono::milliseconds limit)
{
    QObject::connect(&m_process, &QProcess::readyReadStandardError, &m_process, [this] {
        m_log += m_process.readAllStandardError();
    });
    m_process.setProcessEnvironment(environment);
    m_process.start(
        QStringLiteral(SANDGLASS_BUILD_DIR "/bin/keychainprobe"), {QString::number(limit.count())});
}

KeychainProbe::~KeychainProbe()
{
    m_process.kill();
    m_process.waitForFinished();
}

void KeychainProbe::tell(const QByteArray &order)
{
    m_process.write(order + '\n');
}

QString KeychainProbe::answer()
{
    const QByteArray mark = "answer: ";
    QByteArray line;
    const bool answered = waitFor(
        [&] {
            while (m_process.canReadLine()) {
                line = m_process.readLine();
                if (line.startsWith(mark))
                    return true;
                m_log += line;
            }
            return false;
        },
        std::chrono::seconds(30));
    return answered ? QString::fromUtf8(line.mid(mark.size())).trimmed() : QString();
}

QString KeychainProbe::ask(const QByteArray &order)
{
    tell(order);
    return answer();
}

} // namespace sandglass
