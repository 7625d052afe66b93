#pragma once

#include "services/secrets/pendinganswer.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusServiceWatcher>
#include <QDBusVariant>
#include <QObject>

#include <functional>
#include <optional>

namespace sandglass {

/// The Secret Service's question to the person to unlock a keyring. Lives on the main thread; the
/// question goes when it does.
class UnlockPrompt : public QObject
{
    Q_OBJECT

public:
    UnlockPrompt(const QDBusConnection &connection, const QDBusObjectPath &keyring);
    ~UnlockPrompt() override;

    /// Gives whether the keyring is unlocked; not: the question was dismissed.
    void start(const Promise<bool> &promise);

private Q_SLOTS:
    void completed(bool dismissed, const QDBusVariant &result);

private:
    void unlockAnswered(const QDBusMessage &answer);
    void send(const QDBusMessage &message, std::function<void(const QDBusMessage &)> answered);
    void fail(const QString &why);

    QDBusConnection m_connection;
    QDBusObjectPath m_keyring;
    QDBusServiceWatcher m_watcher; ///< a service that ends says nothing more
    std::optional<Promise<bool>> m_promise;
    QString m_openPrompt; ///< its path; empty when none is open
};

} // namespace sandglass
