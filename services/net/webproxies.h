#pragma once

#include <QNetworkProxyFactory>

namespace sandglass {

/// The proxies that this system is set up with: http_proxy, https_proxy, all_proxy and no_proxy, or
/// the desktop's settings. None to this machine itself, whatever they say.
class WebProxies final : public QNetworkProxyFactory
{
public:
    [[nodiscard]] QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override;
};

} // namespace sandglass
