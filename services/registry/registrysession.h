#pragma once

#include "services/registry/registrylogin.h"

namespace sandglass {

/// One call of the registry's API.
struct RegistryCall
{
    QString what; ///< what it is to do, for errors: "list the tags of team/snapshots"
    QByteArray method = "GET";
    QUrl url = {}; ///< of RegistrySession::url(), or one that the registry gave
    QString scope = {}; ///< what it needs to be allowed, "repository:x:pull"; empty: a login alone
    QList<QPair<QByteArray, QByteArray>> headers = {};
    QByteArray body = {}; ///< sent with contentType
    QByteArray contentType = {};
    std::function<Done(QByteArrayView)> sink = {}; ///< as in HttpMessage
    qint64 largestBody = 4 * 1024 * 1024; ///< as in HttpMessage
};

/// What all calls to one registry share: login, redirects, limits. By one thread at a time.
class RegistrySession
{
public:
    RegistrySession(const Registry &registry, std::optional<Credential> credential);

    [[nodiscard]] QUrl url(const QString &path) const { return m_network.url(path); }
    [[nodiscard]] bool isAnonymous() const { return m_login.isAnonymous(); }
    /// In the registry's words, the newest it said: "100;w=21600", and what is left of it. Empty:
    /// it said nothing.
    [[nodiscard]] QString rateLimit() const { return m_rateLimit; }
    [[nodiscard]] QString rateLimitRemaining() const { return m_rateLimitRemaining; }

    /// Logs in when the registry asks for it, once more when it does not know the token any more,
    /// and follows redirects of GET and HEAD: at most five, never from https to http, and without
    /// the login where another host, port or scheme is meant (fact R8). Answers 2xx, 400, 404, 405
    /// and other 4xx are values. Errors: Unauthorized, PermissionDenied, RateLimited with
    /// retryAfter, Registry (5xx), Protocol (a page, too many redirects), those of WebTransport.
    [[nodiscard]] Result<HttpResponse> send(const RegistryCall &call, const CancelToken &cancel);

    /// Sends without a login, whatever it answers; follows nothing.
    [[nodiscard]] Result<HttpResponse>
    sendBare(const RegistryCall &call, const CancelToken &cancel);

    /// What an answer that send() gave means, when it is not what was hoped for.
    [[nodiscard]] Error errorOf(const RegistryCall &call, const HttpResponse &response) const;
    /// Something that was not understood in such an answer.
    [[nodiscard]] Error inContext(Error error, const RegistryCall &call) const;

private:
    [[nodiscard]] Result<HttpResponse>
    sendTo(const QUrl &url, const RegistryCall &call, bool &askedAnew, const CancelToken &cancel);
    [[nodiscard]] Result<HttpResponse> sendOnce(
        const QUrl &url,
        const RegistryCall &call,
        const QByteArray &authorization,
        const CancelToken &cancel);
    [[nodiscard]] Error refused(const RegistryCall &call, const HttpResponse &response) const;

    RegistryNetwork m_network;
    RegistryLogin m_login;
    QString m_rateLimit;
    QString m_rateLimitRemaining;
};

} // namespace sandglass
