#include "services/operations/imagefetch.h"
#include "services/operations/registryaccess.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

OperationDefinition pullSnapshotDefinition()
{
    OperationDefinition definition;
    definition.kind = OperationKind::PullSnapshot;
    definition.steps = {
        {u"pull image"_s, pullImage},
        {u"name image"_s, nameFetchedImage},
    };
    definition.markFailed = markFetchFailed;
    definition.undo = dropFetchedImage;
    definition.isWorthWaiting = isWorthWaitingForRegistry;
    return definition;
}

} // namespace sandglass
