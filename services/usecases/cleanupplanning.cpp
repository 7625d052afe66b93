#include "services/usecases/cleanupplanning.h"

#include "services/core/id.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<CleanupPlan> makeCleanupPlan(
    Session &session, const std::optional<NamespaceName> &namespaceName, CleanupScope scope)
{
    CleanupRepository cleanup(session);
    SANDGLASS_TRY(const CleanupState state, cleanup.state(namespaceName, scope));
    SANDGLASS_TRY(const CleanupBounds bounds, cleanup.bounds());
    CleanupPlan plan;
    plan.id = randomId("plan-"_L1);
    plan.namespaceName = namespaceName;
    plan.madeAt = session.now();
    plan.entries = planCleanup(state, plan.madeAt, QTimeZone::systemTimeZone());
    for (const CleanupEntry &entry : std::as_const(plan.entries)) {
        if (!entry.deletes())
            break;
        ++plan.deletions;
        plan.bytes += entry.bytes.value_or(0);
    }
    // More active ones than these do not change the answer.
    const qint64 enough = plan.deletions * 100 / bounds.percent + 1;
    SANDGLASS_TRY(const qint64 active, cleanup.countActive(namespaceName, enough));
    plan.question = questionBefore(plan.deletions, active, bounds);
    return plan;
}

} // namespace sandglass
