#include "services/secrets/keychainsecretstore.h"

#include "services/secrets/secretservice.h"

#include <qt6keychain/keychain.h>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString service = u"sandglass"_s;

bool hasDisplay()
{
    return !qEnvironmentVariableIsEmpty("DISPLAY")
        || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

Error locked(const QString &why)
{
    return {ErrorKind::CredentialsLocked, why, {}, {}, 0};
}

Error withoutKeyring()
{
    return {
        ErrorKind::CredentialsMissing,
        u"the keychain has no keyring yet, and there is no display to make one"_s,
        {},
        {},
        0};
}

/// Starts a job, which answers with what `value` takes from it. Whoever waited may be gone by then:
/// a job cannot be deleted before its end (libsecret would write into it), so it ends by itself.
template <class Job, class Value, class Take>
void start(Job *job, const QString &key, const Promise<Value> &promise, Take take)
{
    job->setKey(key);
    job->setInsecureFallback(false);
    QObject::connect(job, &QKeychain::Job::finished, job, [promise, take](QKeychain::Job *ended) {
        switch (ended->error()) {
        case QKeychain::NoError:
            promise.give(take(static_cast<Job *>(ended)));
            break;
        case QKeychain::EntryNotFound:
            promise.give(Value{});
            break;
        case QKeychain::AccessDenied:
        case QKeychain::AccessDeniedByUser:
            promise.give(failure(locked(u"the keychain refuses: "_s + ended->errorString())));
            break;
        default:
            promise.give(failure(
                ErrorKind::CredentialsMissing, u"the keychain failed: "_s + ended->errorString()));
        }
    });
    job->start();
}

struct Ended
{ };

} // namespace

/// One use of the keychain: all its parts share a deadline.
class KeychainSecretStore::Call
{
public:
    Call(KeychainSecretStore &store, const QString &key, const CancelToken &cancel)
        : m_store(store)
        , m_key(key)
        , m_cancel(cancel)
        , m_deadline(std::chrono::steady_clock::now() + store.m_limit)
    { }

    /// Before anything is done: the keyring is unlocked afterwards, or absent.
    Result<KeyringState> open() const
    {
        SANDGLASS_TRY(const Keyring keyring, find());
        m_store.m_libsecret.prepare();
        if (keyring.state != KeyringState::Locked)
            return keyring.state;
        SANDGLASS_CHECK(refuseWithoutDisplay());
        SANDGLASS_CHECK(m_service.unlock(keyring, m_store.m_mainThread, m_deadline, m_cancel));
        return KeyringState::Unlocked;
    }

    /// As open(), and nobody is asked anything.
    Result<KeyringState> look() const
    {
        SANDGLASS_TRY(const Keyring keyring, find());
        if (keyring.state == KeyringState::Locked)
            SANDGLASS_CHECK(refuseWithoutDisplay());
        return keyring.state;
    }

    /// Before emptiness is believed: it may have been locked meanwhile.
    Done stillOpen() const
    {
        SANDGLASS_TRY(const Keyring keyring, find());
        if (keyring.state == KeyringState::Locked)
            return failure(locked(u"the keychain was locked while it was used"_s));
        return {};
    }

    Result<std::optional<Secret>> read() const
    {
        return run<std::optional<Secret>>(
            [key = m_key](const Promise<std::optional<Secret>> &promise) {
                start(
                    new QKeychain::ReadPasswordJob(service),
                    key,
                    promise,
                    [](QKeychain::ReadPasswordJob *job) {
                        return std::optional(Secret(job->binaryData()));
                    });
            });
    }

    Done write(const Secret &secret) const
    {
        SANDGLASS_CHECK(run<Ended>([key = m_key, secret](const Promise<Ended> &promise) {
            auto *job = new QKeychain::WritePasswordJob(service);
            job->setTextData(QString::fromUtf8(secret.reveal()));
            start(job, key, promise, [](QKeychain::WritePasswordJob *) { return Ended{}; });
        }));
        return {};
    }

    Done remove() const
    {
        SANDGLASS_CHECK(run<Ended>([key = m_key](const Promise<Ended> &promise) {
            start(
                new QKeychain::DeletePasswordJob(service),
                key,
                promise,
                [](QKeychain::DeletePasswordJob *) { return Ended{}; });
        }));
        return {};
    }

private:
    Result<Keyring> find() const
    {
        return m_service.keyring(m_store.m_mainThread, m_deadline, m_cancel);
    }

    static Done refuseWithoutDisplay()
    {
        if (!hasDisplay()) {
            return failure(
                locked(u"the keychain is locked, and there is no display to unlock it"_s));
        }
        return {};
    }

    template <class T> Result<T> run(std::function<void(const Promise<T> &)> job) const
    {
        auto answer = m_store.m_mainThread.ask<T>(std::move(job), m_deadline, m_cancel);
        if (!answer)
            return failure(ErrorKind::TimedOut, u"the keychain is silent"_s);
        return *std::move(answer);
    }

    KeychainSecretStore &m_store;
    QString m_key;
    CancelToken m_cancel;
    SecretService::Deadline m_deadline;
    SecretService m_service;
};

KeychainSecretStore::KeychainSecretStore(std::chrono::milliseconds limit)
    : m_limit(limit)
{ }

Result<std::optional<Secret>>
KeychainSecretStore::read(const QString &key, const CancelToken &cancel)
{
    const Call call(*this, key, cancel);
    SANDGLASS_TRY(const KeyringState state, call.open());
    if (state == KeyringState::Absent)
        return std::nullopt;
    SANDGLASS_TRY(auto secret, call.read());
    if (!secret)
        SANDGLASS_CHECK(call.stillOpen());
    return secret;
}

Done KeychainSecretStore::write(const QString &key, const Secret &secret, const CancelToken &cancel)
{
    const Call call(*this, key, cancel);
    SANDGLASS_TRY(const KeyringState state, call.open());
    if (state == KeyringState::Absent && !hasDisplay())
        return failure(withoutKeyring());
    SANDGLASS_CHECK(call.write(secret));
    SANDGLASS_TRY(const auto kept, call.read());
    if (kept && kept->matches(secret.reveal()))
        return {};
    SANDGLASS_CHECK(call.stillOpen());
    return failure(ErrorKind::CredentialsMissing, u"the keychain did not keep what it was given"_s);
}

Done KeychainSecretStore::remove(const QString &key, const CancelToken &cancel)
{
    const Call call(*this, key, cancel);
    SANDGLASS_TRY(const KeyringState state, call.open());
    if (state == KeyringState::Absent)
        return {};
    SANDGLASS_CHECK(call.remove());
    SANDGLASS_TRY(const auto left, call.read());
    if (left)
        return failure(locked(u"the keychain did not remove what it was told to"_s));
    return call.stillOpen();
}

Done KeychainSecretStore::check(const CancelToken &cancel)
{
    const Call call(*this, {}, cancel);
    SANDGLASS_TRY(const KeyringState state, call.look());
    if (state == KeyringState::Absent && !hasDisplay())
        return failure(withoutKeyring());
    return {};
}

} // namespace sandglass
