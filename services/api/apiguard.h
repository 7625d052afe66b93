#pragma once

#include "services/api/apimessage.h"
#include "services/core/secret.h"

#include <QHostAddress>
#include <QStringList>

#include <optional>

namespace sandglass {

/// Decides by method, path and headers alone who may ask at all. Immutable, so any thread.
class ApiGuard
{
public:
    struct Options
    {
        Secret token; ///< never empty
        QHostAddress listenAddress;
        QStringList extraHosts; ///< names under which a proxy in front is known, "name" (any port)
                                ///< or "name:port"
    };

    explicit ApiGuard(Options options);

    /// An answer that refuses the request: 400 and 421 by its Host (a page that rebound its own DNS
    /// name to this address is foreign, too), 403 by its Origin, 401 by its token. Nothing: it may
    /// go on.
    [[nodiscard]] std::optional<ApiResponse> refusal(const ApiRequest &request) const;

private:
    [[nodiscard]] bool isOwnHost(const QByteArray &host, quint16 port) const;
    [[nodiscard]] bool hasToken(const ApiRequest &request) const;

    Secret m_token;
    QByteArrayList m_names; ///< in lower case; expected with the port that is listened on
    QByteArrayList m_extraHosts; ///< in lower case; without a port: with any
};

/// 415 for a body that does not say it is JSON: what a page can send elsewhere without asking, such
/// as a form, is not.
[[nodiscard]] std::optional<ApiResponse> refusalOfContentType(const ApiRequest &request);

} // namespace sandglass
