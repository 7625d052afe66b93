#include "services/domain/sandbox.h"

#include "services/core/names.h"

#include <algorithm>
#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int longestDisplayName = 128;

const std::array sandboxStatusNames{
    std::pair{SandboxStatus::Pending, u"pending"_s},
    std::pair{SandboxStatus::Running, u"running"_s},
    std::pair{SandboxStatus::Paused, u"paused"_s},
    std::pair{SandboxStatus::Stopped, u"stopped"_s},
    std::pair{SandboxStatus::Terminating, u"terminating"_s},
    std::pair{SandboxStatus::Terminated, u"terminated"_s},
    std::pair{SandboxStatus::Failed, u"failed"_s},
    std::pair{SandboxStatus::Missing, u"missing"_s},
    std::pair{SandboxStatus::Released, u"released"_s},
};

const std::array sandboxOriginNames{
    std::pair{SandboxOrigin::Created, u"created"_s},
    std::pair{SandboxOrigin::Adopted, u"adopted"_s},
};

} // namespace

QString nameOf(SandboxStatus status)
{
    return nameIn(sandboxStatusNames, status);
}
SandboxStatus sandboxStatusFrom(const QString &name)
{
    return valueIn(sandboxStatusNames, name, SandboxStatus::Failed);
}

QString nameOf(SandboxOrigin origin)
{
    return nameIn(sandboxOriginNames, origin);
}
SandboxOrigin sandboxOriginFrom(const QString &name)
{
    return valueIn(sandboxOriginNames, name, SandboxOrigin::Created);
}

QString containerName(const SandboxId &id)
{
    return u"sandglass-"_s + id.text();
}

Done checkDisplayName(const QString &name)
{
    if (name.size() > longestDisplayName) {
        return failure(
            ErrorKind::InvalidArgument,
            u"the name is longer than %1 characters"_s.arg(longestDisplayName));
    }
    const bool isPrintable = std::none_of(name.begin(), name.end(), [](QChar character) {
        return character.category() == QChar::Other_Control;
    });
    if (!isPrintable)
        return failure(ErrorKind::InvalidArgument, u"the name holds control characters"_s);
    return {};
}

bool canSnapshot(SandboxStatus status)
{
    return status == SandboxStatus::Running || status == SandboxStatus::Paused;
}

bool canTerminate(SandboxStatus status)
{
    return status != SandboxStatus::Terminating && status != SandboxStatus::Terminated
        && status != SandboxStatus::Released;
}

} // namespace sandglass
