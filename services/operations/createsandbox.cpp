#include "services/operations/sandboxsteps.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

OperationDefinition createSandboxDefinition()
{
    OperationDefinition definition;
    definition.kind = OperationKind::CreateSandbox;
    definition.steps = {
        {u"check image"_s, checkImage},
        {u"create container"_s, createContainer},
        {u"start container"_s, startContainer},
        {u"activate"_s, activateSandbox},
    };
    definition.markFailed = markSandboxFailed;
    definition.undo = removeUnfinishedContainer;
    return definition;
}

} // namespace sandglass
