#include "services/operations/operationdefinition.h"

#include <cstdio>

using namespace sandglass;

/// Prints every step of every kind of operation, one a line: "create_snapshot/commit".
int main()
{
    for (const OperationDefinition &definition : operationDefinitions()) {
        for (const StepDefinition &step : definition.steps)
            std::printf(
                "%s/%s\n", qUtf8Printable(nameOf(definition.kind)), qUtf8Printable(step.name));
    }
}
