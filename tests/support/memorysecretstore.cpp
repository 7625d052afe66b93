#include "tests/support/memorysecretstore.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

void MemorySecretStore::setMood(Mood mood)
{
    const std::lock_guard lock(m_mutex);
    m_mood = mood;
    m_changed.notify_all();
}

int MemorySecretStore::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_waiting;
}

QList<QString> MemorySecretStore::keys() const
{
    const std::lock_guard lock(m_mutex);
    return m_secrets.keys();
}

Result<std::optional<Secret>> MemorySecretStore::read(const QString &key, const CancelToken &cancel)
{
    std::unique_lock lock(m_mutex);
    SANDGLASS_CHECK(open(lock, cancel));
    const auto found = m_secrets.constFind(key);
    return found == m_secrets.cend() ? std::nullopt : std::optional(*found);
}

Done MemorySecretStore::write(const QString &key, const Secret &secret, const CancelToken &cancel)
{
    std::unique_lock lock(m_mutex);
    SANDGLASS_CHECK(open(lock, cancel));
    m_secrets.insert(key, secret);
    return {};
}

Done MemorySecretStore::remove(const QString &key, const CancelToken &cancel)
{
    std::unique_lock lock(m_mutex);
    SANDGLASS_CHECK(open(lock, cancel));
    m_secrets.remove(key);
    return {};
}

Done MemorySecretStore::check(const CancelToken &cancel)
{
    std::unique_lock lock(m_mutex);
    return open(lock, cancel);
}

Done MemorySecretStore::open(std::unique_lock<std::mutex> &lock, const CancelToken &cancel)
{
    ++m_waiting;
    lock.unlock();
    bool cancelled = false;
    {
        const auto registration = cancel.onCancelled([this, &cancelled] {
            const std::lock_guard guard(m_mutex);
            cancelled = true;
            m_changed.notify_all();
        });
        lock.lock();
        m_changed.wait(lock, [&] { return cancelled || m_mood != Mood::Silent; });
        lock.unlock(); // a callback that runs now waits for it, and the registration for that
    }
    lock.lock();
    --m_waiting;
    if (cancelled)
        return failure(ErrorKind::Cancelled, u"use of the keychain"_s);
    if (m_mood == Mood::Locked)
        return failure(ErrorKind::CredentialsLocked, u"the keychain is locked"_s);
    if (m_mood == Mood::Absent)
        return failure(ErrorKind::CredentialsMissing, u"there is no keychain"_s);
    return {};
}

} // namespace sandglass
