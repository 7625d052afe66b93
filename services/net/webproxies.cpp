#include "services/net/webproxies.h"

#include <QHostAddress>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

QList<QNetworkProxy> WebProxies::queryProxy(const QNetworkProxyQuery &query)
{
    const QString host = query.peerHostName();
    if (host == "localhost"_L1 || QHostAddress(host).isLoopback())
        return {QNetworkProxy(QNetworkProxy::NoProxy)};
    return systemProxyForQuery(query);
}

} // namespace sandglass
