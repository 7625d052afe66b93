#include "services/domain/cleanuprun.h"

#include "services/core/names.h"

#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const std::array cleanupOutcomeNames{
    std::pair{CleanupOutcome::Planned, u"planned"_s},
    std::pair{CleanupOutcome::Deleting, u"deleting"_s},
    std::pair{CleanupOutcome::Trashed, u"trashed"_s},
    std::pair{CleanupOutcome::Deleted, u"deleted"_s},
    std::pair{CleanupOutcome::Skipped, u"skipped"_s},
    std::pair{CleanupOutcome::Failed, u"failed"_s},
};

} // namespace

QString nameOf(CleanupOutcome outcome)
{
    return nameIn(cleanupOutcomeNames, outcome);
}

CleanupOutcome cleanupOutcomeFrom(const QString &name)
{
    return valueIn(cleanupOutcomeNames, name, CleanupOutcome::Failed);
}

bool isFinal(CleanupOutcome outcome)
{
    return outcome != CleanupOutcome::Planned && outcome != CleanupOutcome::Deleting;
}

} // namespace sandglass
