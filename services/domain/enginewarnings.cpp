#include "services/domain/enginewarnings.h"

#include "services/core/errorsentence.h"

namespace sandglass {

QStringList warningsFor(const EngineAddress &address)
{
    return address.isExposed() ? QStringList{exposedEngineSentence(address.text())} : QStringList();
}

QStringList warningsFor(const Engine &engine)
{
    const auto address = engine.parsedAddress();
    return address ? warningsFor(*address) : QStringList();
}

} // namespace sandglass
