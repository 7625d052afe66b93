#pragma once

#include "services/domain/credential.h"
#include "services/registry/challenge.h"
#include "services/registry/registrynetwork.h"

#include <QDeadlineTimer>
#include <QHash>

namespace sandglass {

/// Logs in at a registry as it asks for it: Basic, or tokens of its token server (fact R7). Gives
/// the credential to the registry and to the token server's address that it named, and to nobody
/// else. By one thread at a time.
class RegistryLogin
{
public:
    /// The network must outlive it.
    RegistryLogin(RegistryNetwork &network, bool insecure, std::optional<Credential> credential);

    [[nodiscard]] bool isAnonymous() const { return !m_credential; }

    /// The Authorization header for a request that needs this scope ("repository:x:pull"), as far
    /// as it is known by now; empty when it is not. A token that is about to expire is not used.
    [[nodiscard]] QByteArray header(const QString &scope) const;

    /// The header that the challenges of a 401 ask for, in place of the one that was `refused`
    /// (empty: none was sent). Asks the token server. Errors: Unauthorized when the credential is
    /// refused or missing; Protocol when nothing that is asked for is known, or the token server is
    /// to be reached over plain HTTP though the registry is not; those of the network.
    [[nodiscard]] Result<QByteArray> answer(
        const QList<Challenge> &challenges,
        const QString &scope,
        const QByteArray &refused,
        const CancelToken &cancel);

    /// The error without the credential, should the remote have repeated it in its words.
    [[nodiscard]] Error withoutSecrets(Error error) const;

private:
    struct Token
    {
        Secret bytes;
        QDeadlineTimer end; ///< before it expires
    };

    [[nodiscard]] Result<QByteArray> answerBasic(const QByteArray &refused);
    [[nodiscard]] Result<Token>
    askForToken(const Challenge &challenge, const QString &scope, const CancelToken &cancel);
    [[nodiscard]] QByteArray basicHeader() const;

    RegistryNetwork &m_network;
    bool m_insecure;
    std::optional<Credential> m_credential;
    bool m_wantsBasic = false;
    QHash<QString, Token> m_tokens; // by the scope they were asked for
};

} // namespace sandglass
