#pragma once

#include "services/secrets/secretstore.h"

#include <QMap>

#include <condition_variable>
#include <mutex>

namespace sandglass {

/// A keychain in memory that does as the test says. Any thread, the main one too.
class MemorySecretStore final : public SecretStore
{
public:
    enum class Mood {
        Open,
        Locked, ///< CredentialsLocked
        Absent, ///< CredentialsMissing
        Silent, ///< every call waits until the mood changes or it is cancelled
    };

    void setMood(Mood mood);
    /// How many calls wait now, because it is silent.
    [[nodiscard]] int waiting() const;
    /// What is kept, whatever the mood; never waits.
    [[nodiscard]] QList<QString> keys() const;

    [[nodiscard]] Result<std::optional<Secret>>
    read(const QString &key, const CancelToken &cancel) override;
    [[nodiscard]] Done
    write(const QString &key, const Secret &secret, const CancelToken &cancel) override;
    [[nodiscard]] Done remove(const QString &key, const CancelToken &cancel) override;
    [[nodiscard]] Done check(const CancelToken &cancel) override;

private:
    [[nodiscard]] Done open(std::unique_lock<std::mutex> &lock, const CancelToken &cancel);

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    Mood m_mood = Mood::Open;
    int m_waiting = 0;
    QMap<QString, Secret> m_secrets;
};

} // namespace sandglass
