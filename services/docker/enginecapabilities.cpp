#include "services/docker/enginecapabilities.h"

#include <QVersionNumber>

namespace sandglass {

EngineCapabilities capabilitiesOf(const QString &product, const QString &engineVersion)
{
    EngineCapabilities capabilities;
    if (product == podmanProduct) {
        capabilities.keepsShortNames = false;
        capabilities.takesCommitLabels =
            QVersionNumber::fromString(engineVersion) >= QVersionNumber(5);
        capabilities.describesAsCreated = false;
    }
    return capabilities;
}

bool tellsVersionSlowly(QByteArrayView server)
{
    return server.startsWith("Libpod/");
}

} // namespace sandglass
