#include "services/domain/location.h"

#include "services/core/names.h"

#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const std::array locationKindNames{
    std::pair{LocationKind::Engine, u"engine"_s},
    std::pair{LocationKind::Registry, u"registry"_s},
};

const std::array locationStateNames{
    std::pair{LocationState::Uploading, u"uploading"_s},
    std::pair{LocationState::Present, u"present"_s},
    std::pair{LocationState::Missing, u"missing"_s},
    std::pair{LocationState::Drifted, u"drifted"_s},
    std::pair{LocationState::Removing, u"removing"_s},
    std::pair{LocationState::Failed, u"failed"_s},
};

} // namespace

QString nameOf(LocationKind kind)
{
    return nameIn(locationKindNames, kind);
}
LocationKind locationKindFrom(const QString &name)
{
    return valueIn(locationKindNames, name, LocationKind::Engine);
}
QString nameOf(LocationState state)
{
    return nameIn(locationStateNames, state);
}
LocationState locationStateFrom(const QString &name)
{
    return valueIn(locationStateNames, name, LocationState::Failed);
}

bool isSettled(LocationState state)
{
    return state == LocationState::Present || state == LocationState::Missing
        || state == LocationState::Drifted;
}

} // namespace sandglass
