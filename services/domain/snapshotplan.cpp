#include "services/domain/snapshotplan.h"

#include <QLocale>

#include <algorithm>
#include <limits>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using Outcome = SnapshotCheck::Outcome;

Outcome checkSpace(const SnapshotPlan &plan)
{
    if (!plan.freeBytes || !plan.changedBytes)
        return Outcome::Unknown;
    return *plan.freeBytes < *plan.neededBytes() ? Outcome::Failed : Outcome::Passed;
}

Outcome checkLayers(const std::optional<int> &layers)
{
    if (!layers)
        return Outcome::Unknown;
    if (*layers >= mostLayers)
        return Outcome::Failed;
    return *layers >= manyLayers ? Outcome::Warning : Outcome::Passed;
}

Error refusal(const SnapshotPlan &plan, SnapshotCheck::Name name)
{
    const auto size = [](qint64 bytes) { return QLocale::c().formattedDataSize(bytes); };
    if (name == SnapshotCheck::Name::FreeSpace) {
        return {
            ErrorKind::StorageFull,
            u"%1 changed in the sandbox, of which a snapshot needs about %2 times as much, "
            "and %3 are free on the disk of engine %4"_s.arg(size(*plan.changedBytes))
                .arg(spaceFactor)
                .arg(size(*plan.freeBytes), plan.engine.text()),
            {},
            {},
            0};
    }
    return {
        ErrorKind::Conflict,
        u"the sandbox's image has %1 layers and an engine allows %2; export its filesystem into a "
        "new image (docker export, docker import) and go on from that"_s.arg(*plan.layers)
            .arg(mostLayers),
        {},
        {},
        0};
}

} // namespace

std::optional<qint64> SnapshotPlan::neededBytes() const
{
    constexpr qint64 most = std::numeric_limits<qint64>::max() / spaceFactor;
    if (!changedBytes)
        return std::nullopt;
    return std::clamp<qint64>(*changedBytes, 0, most) * spaceFactor;
}

QList<SnapshotCheck> SnapshotPlan::checks() const
{
    return {
        {SnapshotCheck::Name::FreeSpace, checkSpace(*this)},
        {SnapshotCheck::Name::LayerDepth, checkLayers(layers)},
        {SnapshotCheck::Name::BaseImage, layers ? Outcome::Passed : Outcome::Warning},
    };
}

Done SnapshotPlan::refuseFailedChecks() const
{
    for (const SnapshotCheck &check : checks()) {
        if (check.outcome == Outcome::Failed)
            return failure(refusal(*this, check.name));
    }
    return {};
}

} // namespace sandglass
