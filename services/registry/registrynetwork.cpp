#include "services/registry/registrynetwork.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

RegistryNetwork::RegistryNetwork(const Registry &registry)
    : m_base(
        (registry.insecure ? u"http://"_s : u"https://"_s) + apiHostOf(registry.host) + u"/v2/"_s)
    , m_toRegistry(u"the registry"_s, {registry.authoritiesFile, false})
    , m_toOthers(u"the host"_s, {registry.authoritiesFile, true})
{ }

QUrl RegistryNetwork::url(const QString &path) const
{
    return QUrl(m_base.toString() + path);
}

bool RegistryNetwork::isRegistry(const QUrl &url) const
{
    return webOriginOf(url) == webOriginOf(m_base);
}

Result<HttpResponse> RegistryNetwork::send(const WebRequest &request, const CancelToken &cancel)
{
    return (isRegistry(request.url) ? m_toRegistry : m_toOthers).send(request, cancel);
}

} // namespace sandglass
