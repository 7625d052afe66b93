#include "services/secrets/unlockprompt.h"

#include "services/secrets/secretservice.h"

#include <QDBusArgument>
#include <QDBusMetaType>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>

#include <utility>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString noPrompt = u"/"_s; // Secret Service, Unlock: nobody has to be asked
const QString promptInterface = u"org.freedesktop.Secret.Prompt"_s;

} // namespace

UnlockPrompt::UnlockPrompt(const QDBusConnection &connection, const QDBusObjectPath &keyring)
    : m_connection(connection)
    , m_keyring(keyring)
    , m_watcher(secretServiceName(), connection, QDBusServiceWatcher::WatchForUnregistration)
{
    m_watcher.setParent(this); // goes along to the main thread
    connect(&m_watcher, &QDBusServiceWatcher::serviceUnregistered, this, [this] {
        fail(u"the keychain ended while its question was open"_s);
    });
}

UnlockPrompt::~UnlockPrompt()
{
    if (!m_openPrompt.isEmpty()) {
        m_connection.send(QDBusMessage::createMethodCall(
            secretServiceName(), m_openPrompt, promptInterface, u"Dismiss"_s));
    }
}

void UnlockPrompt::start(const Promise<bool> &promise)
{
    m_promise = promise;
    QDBusMessage unlock = secretServiceCall(u"Unlock"_s);
    unlock << QVariant::fromValue(QList{m_keyring});
    send(unlock, [this](const QDBusMessage &answer) { unlockAnswered(answer); });
}

void UnlockPrompt::unlockAnswered(const QDBusMessage &answer)
{
    const QString prompt = answer.arguments().value(1).value<QDBusObjectPath>().path();
    if (prompt.isEmpty() || prompt == noPrompt) {
        m_promise->give(true);
        return;
    }
    m_openPrompt = prompt;
    m_connection.connect(
        secretServiceName(),
        prompt,
        promptInterface,
        u"Completed"_s,
        this,
        SLOT(completed(bool, QDBusVariant)));
    QDBusMessage ask =
        QDBusMessage::createMethodCall(secretServiceName(), prompt, promptInterface, u"Prompt"_s);
    ask << QString(); // no window of ours is its parent
    send(ask, [](const QDBusMessage &) {});
}

void UnlockPrompt::completed(bool dismissed, const QDBusVariant &)
{
    m_openPrompt.clear();
    m_promise->give(!dismissed);
}

void UnlockPrompt::send(
    const QDBusMessage &message, std::function<void(const QDBusMessage &)> answered)
{
    auto *watcher = new QDBusPendingCallWatcher(m_connection.asyncCall(message), this);
    connect(
        watcher,
        &QDBusPendingCallWatcher::finished,
        this,
        [this, watcher, answered = std::move(answered)] {
            watcher->deleteLater();
            const QDBusMessage answer = watcher->reply();
            if (answer.type() == QDBusMessage::ErrorMessage)
                fail(u"the keychain cannot be unlocked: "_s + answer.errorMessage());
            else
                answered(answer);
        });
}

void UnlockPrompt::fail(const QString &why)
{
    m_openPrompt.clear();
    if (m_promise)
        m_promise->give(failure(ErrorKind::CredentialsMissing, why));
}

} // namespace sandglass
