#pragma once

#include "services/domain/registry.h"
#include "services/net/webtransport.h"

namespace sandglass {

/// Sends to a registry, and to the hosts that it refers to: its token server, and where its blobs
/// are. The registry's own file of authorities is the only one that counts for the registry, and
/// counts besides the system's for the others. By one thread at a time.
class RegistryNetwork
{
public:
    explicit RegistryNetwork(const Registry &registry);

    /// "https://host/v2/{path}", or http when the registry is insecure.
    [[nodiscard]] QUrl url(const QString &path) const;
    [[nodiscard]] bool isRegistry(const QUrl &url) const; ///< whether it is at the registry itself

    [[nodiscard]] Result<HttpResponse> send(const WebRequest &request, const CancelToken &cancel);

private:
    QUrl m_base;
    WebTransport m_toRegistry;
    WebTransport m_toOthers;
};

} // namespace sandglass
