#include "services/operations/operationdefinition.h"

#include <algorithm>
#include <array>

namespace sandglass {

Done StepContext::remember(const QString &name, const QJsonValue &value)
{
    operation.memory.insert(name, value);
    return save();
}

std::span<const OperationDefinition> operationDefinitions()
{
    static const std::array definitions{
        createSandboxDefinition(),
        terminateSandboxDefinition(),
        createSnapshotDefinition(),
        restoreSnapshotDefinition(),
        deleteSnapshotDefinition(),
        pushSnapshotDefinition(),
        pullSnapshotDefinition(),
    };
    return definitions;
}

const OperationDefinition &definitionOf(OperationKind kind)
{
    const auto definitions = operationDefinitions();
    return *std::find_if(
        definitions.begin(), definitions.end(), [kind](const OperationDefinition &each) {
            return each.kind == kind;
        });
}

int positionOf(const OperationDefinition &definition, const QString &stepName)
{
    const auto it = std::find_if(
        definition.steps.begin(), definition.steps.end(), [&stepName](const StepDefinition &step) {
            return step.name == stepName;
        });
    return int(std::distance(definition.steps.begin(), it));
}

QList<OperationStep> plannedSteps(OperationKind kind)
{
    QList<OperationStep> steps;
    for (const StepDefinition &definition : definitionOf(kind).steps)
        steps.append(OperationStep{definition.name, {}, {}, 0});
    return steps;
}

bool hasPlannedSteps(const Operation &operation)
{
    const QList<StepDefinition> &planned = definitionOf(operation.kind).steps;
    return std::equal(
        planned.begin(),
        planned.end(),
        operation.steps.begin(),
        operation.steps.end(),
        [](const StepDefinition &definition, const OperationStep &step) {
            return definition.name == step.name;
        });
}

} // namespace sandglass
