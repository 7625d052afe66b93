#pragma once

#include "services/net/engineconnection.h"
#include "services/net/engineendpoint.h"

#include <QNetworkAccessManager>
#include <QNetworkRequest>

namespace sandglass {

/// Of a request that lasts as long as some work, or for ever; see ChannelUse.
inline constexpr auto lastsLongAttribute = QNetworkRequest::Attribute(QNetworkRequest::User + 1);

/// A network access manager whose requests all go to one engine, whatever host their URL names. It
/// keeps connections between requests. Unlike Qt's own it never sends a request that changes
/// something twice (Qt 6.4 repeats even a POST when a fresh connection closes without an answer),
/// follows no redirect and uses no proxy, cookie, cache or upgrade.
class EngineNetworkAccess final : public QNetworkAccessManager
{
    Q_OBJECT
public:
    explicit EngineNetworkAccess(EngineEndpoint endpoint, QObject *parent = nullptr);

    [[nodiscard]] EngineConnection *takeIdleConnection(); ///< null when none is fit
    [[nodiscard]] EngineConnection *makeConnection(ChannelUse use); ///< not opened yet
    void
    keep(EngineConnection *connection); ///< for the next request; closes it when there are enough

protected:
    QNetworkReply *
    createRequest(Operation operation, const QNetworkRequest &request, QIODevice *body) override;

private:
    EngineEndpoint m_endpoint;
    QList<EngineConnection *> m_idle;
};

} // namespace sandglass
