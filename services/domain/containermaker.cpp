#include "services/domain/containermaker.h"

#include "services/core/names.h"

#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const std::array makerNames{
    std::pair{ContainerMaker::Sandglass, u"sandglass"_s},
    std::pair{ContainerMaker::Indexify, u"indexify"_s},
    std::pair{ContainerMaker::Other, u"other"_s},
};

} // namespace

QString nameOf(ContainerMaker maker)
{
    return nameIn(makerNames, maker);
}

ContainerMaker makerOf(const QString &name, const Labels &labels)
{
    const auto id = SandboxId::parse(labels.value(label::sandboxId));
    if (id && name == containerName(*id))
        return ContainerMaker::Sandglass;
    if (name.startsWith("indexify-sandbox-"_L1)
        && labels.value(label::indexifyManaged) == "true"_L1)
        return ContainerMaker::Indexify;
    return ContainerMaker::Other;
}

} // namespace sandglass
