#include "services/domain/operation.h"

#include "services/core/names.h"

#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const std::array operationKindNames{
    std::pair{OperationKind::CreateSandbox, u"create_sandbox"_s},
    std::pair{OperationKind::TerminateSandbox, u"terminate_sandbox"_s},
    std::pair{OperationKind::CreateSnapshot, u"create_snapshot"_s},
    std::pair{OperationKind::RestoreSnapshot, u"restore_snapshot"_s},
    std::pair{OperationKind::DeleteSnapshot, u"delete_snapshot"_s},
    std::pair{OperationKind::PushSnapshot, u"push_snapshot"_s},
    std::pair{OperationKind::PullSnapshot, u"pull_snapshot"_s},
};

const std::array operationStateNames{
    std::pair{OperationState::Queued, u"queued"_s},
    std::pair{OperationState::Running, u"running"_s},
    std::pair{OperationState::Waiting, u"waiting"_s},
    std::pair{OperationState::Undoing, u"undoing"_s},
    std::pair{OperationState::Succeeded, u"succeeded"_s},
    std::pair{OperationState::Failed, u"failed"_s},
    std::pair{OperationState::Cancelled, u"cancelled"_s},
};

} // namespace

QString nameOf(OperationKind kind)
{
    return nameIn(operationKindNames, kind);
}
OperationKind operationKindFrom(const QString &name)
{
    return valueIn(operationKindNames, name, OperationKind::CreateSandbox);
}
QString nameOf(OperationState state)
{
    return nameIn(operationStateNames, state);
}
OperationState operationStateFrom(const QString &name)
{
    return valueIn(operationStateNames, name, OperationState::Failed);
}

bool isTransfer(OperationKind kind)
{
    return kind == OperationKind::PushSnapshot || kind == OperationKind::PullSnapshot;
}

bool isFinished(OperationState state)
{
    return state == OperationState::Succeeded || state == OperationState::Failed
        || state == OperationState::Cancelled;
}

QString Operation::currentStep() const
{
    for (const OperationStep &step : steps) {
        if (!step.finishedAt)
            return step.name;
    }
    return {};
}

} // namespace sandglass
