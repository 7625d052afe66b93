#include "services/secrets/secretservice.h"

#include "services/secrets/unlockprompt.h"

#include <QDBusError>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>
#include <QDBusVariant>
#include <QUuid>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString noKeyring = u"/"_s; // Secret Service, ReadAlias: there is no such collection

QString uniqueName()
{
    return u"sandglass-secrets-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
}

Error errorOf(const QDBusMessage &answer)
{
    const QDBusError error(answer);
    switch (error.type()) {
    case QDBusError::ServiceUnknown:
        return {
            ErrorKind::CredentialsMissing,
            u"no keychain runs in this session (nobody is org.freedesktop.secrets on D-Bus)"_s,
            {},
            {},
            0};
    case QDBusError::NoReply:
    case QDBusError::Timeout:
    case QDBusError::TimedOut:
    case QDBusError::Disconnected:
        return {
            ErrorKind::CredentialsMissing, u"the keychain ended while it was asked"_s, {}, {}, 0};
    default:
        return {
            ErrorKind::CredentialsMissing,
            u"the keychain cannot be asked: "_s + error.message(),
            {},
            {},
            0};
    }
}

} // namespace

QString secretServiceName()
{
    return u"org.freedesktop.secrets"_s;
}

QDBusMessage secretServiceCall(const QString &method)
{
    return QDBusMessage::createMethodCall(
        secretServiceName(),
        u"/org/freedesktop/secrets"_s,
        u"org.freedesktop.Secret.Service"_s,
        method);
}

SecretService::SecretService()
    : m_connectionName(uniqueName())
    , m_connection(QDBusConnection::connectToBus(QDBusConnection::SessionBus, m_connectionName))
{ }

SecretService::~SecretService()
{
    QDBusConnection::disconnectFromBus(m_connectionName);
}

Result<Keyring>
SecretService::keyring(MainThread &mainThread, Deadline deadline, const CancelToken &cancel) const
{
    if (!m_connection.isConnected()) {
        return failure(
            ErrorKind::CredentialsMissing,
            u"no D-Bus session, so there is no keychain: "_s + m_connection.lastError().message());
    }
    QDBusMessage alias = secretServiceCall(u"ReadAlias"_s);
    alias << u"default"_s;
    SANDGLASS_TRY(const QDBusMessage named, ask(alias, mainThread, deadline, cancel));
    const auto path = named.arguments().value(0).value<QDBusObjectPath>();
    if (path.path().isEmpty() || path.path() == noKeyring)
        return Keyring{};

    QDBusMessage locked = QDBusMessage::createMethodCall(
        secretServiceName(), path.path(), u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    locked << u"org.freedesktop.Secret.Collection"_s << u"Locked"_s;
    SANDGLASS_TRY(const QDBusMessage property, ask(locked, mainThread, deadline, cancel));
    const QVariant value = property.arguments().value(0).value<QDBusVariant>().variant();
    if (value.typeId() != QMetaType::Bool) {
        return failure(
            ErrorKind::CredentialsMissing, u"the keychain does not say if it is locked"_s);
    }
    return Keyring{value.toBool() ? KeyringState::Locked : KeyringState::Unlocked, path};
}

Done SecretService::unlock(
    const Keyring &keyring,
    MainThread &mainThread,
    Deadline deadline,
    const CancelToken &cancel) const
{
    auto *prompt = new UnlockPrompt(m_connection, keyring.path);
    prompt->moveToThread(mainThread.thread());
    const auto answer = mainThread.ask<bool>(
        [prompt](const Promise<bool> &promise) { prompt->start(promise); }, deadline, cancel);
    prompt->deleteLater();
    if (!answer) {
        return failure(
            ErrorKind::CredentialsLocked,
            u"the keychain's question to unlock it was not answered in time"_s);
    }
    SANDGLASS_TRY(const bool unlocked, *answer);
    if (!unlocked) {
        return failure(
            ErrorKind::CredentialsLocked, u"the keychain's question to unlock it was dismissed"_s);
    }
    return {};
}

Result<QDBusMessage> SecretService::ask(
    const QDBusMessage &question,
    MainThread &mainThread,
    Deadline deadline,
    const CancelToken &cancel) const
{
    // An answer arrives on the main thread: a blocking call could not be cancelled.
    const auto answer = mainThread.ask<QDBusMessage>(
        [connection = m_connection, question](const Promise<QDBusMessage> &promise) {
            auto *watcher = new QDBusPendingCallWatcher(connection.asyncCall(question));
            QObject::connect(
                watcher, &QDBusPendingCallWatcher::finished, watcher, [watcher, promise] {
                    promise.give(watcher->reply());
                    watcher->deleteLater();
                });
        },
        deadline,
        cancel);
    if (!answer)
        return failure(ErrorKind::TimedOut, u"the keychain is silent"_s);
    SANDGLASS_TRY(const QDBusMessage message, *answer);
    if (message.type() == QDBusMessage::ErrorMessage)
        return failure(errorOf(message));
    return message;
}

} // namespace sandglass
