#include "services/domain/restoreplan.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

RestoreNotice noticeFor(const Mount &mount)
{
    switch (mount.kind) {
    case Mount::Kind::Bind:
        return {RestoreNotice::Kind::HostPath, mount.source};
    case Mount::Kind::Volume:
        return {RestoreNotice::Kind::SharedVolume, mount.source};
    case Mount::Kind::Tmpfs:
        return {RestoreNotice::Kind::EmptyTmpfs, mount.target};
    case Mount::Kind::AnonymousVolume:
    case Mount::Kind::Other:
        break;
    }
    return {RestoreNotice::Kind::NewEmptyVolume, mount.target};
}

QList<RestoreNotice> noticesFor(const RestorePlan &plan, const Snapshot &snapshot)
{
    QList<RestoreNotice> notices;
    if (!plan.fromSnapshot)
        notices.append({RestoreNotice::Kind::FilesystemLost, {}});
    if (plan.engine != snapshot.engine)
        notices.append({RestoreNotice::Kind::OtherEngine, snapshot.engine.text()});
    for (const Mount &mount : plan.config.mounts())
        notices.append(noticeFor(mount));
    for (const QString &port : plan.config.publishedPorts())
        notices.append({RestoreNotice::Kind::PublishedPort, port});
    for (const QString &device : plan.config.deviceNames())
        notices.append({RestoreNotice::Kind::Device, device});
    for (const QString &secret : plan.config.secretNames)
        notices.append({RestoreNotice::Kind::SecretMissing, secret});
    return notices;
}

PreflightCheck checkEngine(const Engine &engine)
{
    using Outcome = PreflightCheck::Outcome;
    const Outcome outcome = engine.state == EngineState::Connected ? Outcome::Passed
        : engine.state == EngineState::Connecting                  ? Outcome::Unknown
                                                                   : Outcome::Failed;
    return {PreflightCheck::Name::EngineAnswers, outcome, engine.name.text()};
}

/// Where the image comes from; a fresh sandbox's original image is looked for on the way.
QList<PreflightCheck>
checkImage(RestorePlan &plan, const Snapshot &snapshot, const QList<Registry> &registries)
{
    using Name = PreflightCheck::Name;
    using Outcome = PreflightCheck::Outcome;
    if (!plan.fromSnapshot)
        return {{Name::ImageAtEngine, Outcome::Unknown, plan.image}};
    if (isPresentAt(snapshot, LocationKind::Engine, plan.engine.text()))
        return {{Name::ImageAtEngine, Outcome::Passed, plan.image}};
    if (const auto copy = nearestRegistryCopy(snapshot, registries)) {
        plan.pullFrom = RegistryName::trusted(copy->place);
        return {{Name::ImageInRegistry, Outcome::Passed, copy->place}};
    }
    return {{Name::ImageAtEngine, Outcome::Failed, plan.image}};
}

/// An image runs on the platform that it was made on (fact P11).
QList<PreflightCheck> checkPlatform(
    const RestorePlan &plan,
    const Engine &engine,
    const Snapshot &snapshot,
    const QList<Engine> &engines)
{
    using Outcome = PreflightCheck::Outcome;
    if (!plan.fromSnapshot || engine.name == snapshot.engine)
        return {};
    const auto origin =
        std::find_if(engines.begin(), engines.end(), [&snapshot](const Engine &each) {
            return each.name == snapshot.engine;
        });
    const QString platform = origin == engines.end() ? QString() : origin->platform;
    const Outcome outcome = platform.isEmpty() || engine.platform.isEmpty() ? Outcome::Unknown
        : platform == engine.platform                                       ? Outcome::Passed
                                                                            : Outcome::Failed;
    return {{PreflightCheck::Name::PlatformMatches, outcome, platform}};
}

} // namespace

bool RestorePlan::canRun() const
{
    return std::none_of(checks.begin(), checks.end(), [](const PreflightCheck &check) {
        return check.outcome == PreflightCheck::Outcome::Failed;
    });
}

Result<RestorePlan> planRestore(
    const Snapshot &snapshot,
    Timestamp now,
    const RestoreWish &wish,
    const QList<Engine> &engines,
    const QList<Registry> &registries)
{
    if (snapshot.status != SnapshotStatus::Active) {
        return failure(
            ErrorKind::NotFound,
            u"snapshot %1 cannot be restored, its status is \"%2\""_s.arg(
                snapshot.id.text(), nameOf(snapshot.status)));
    }
    const EngineName wanted = wish.engine.value_or(snapshot.engine);
    const auto engine = std::find_if(engines.begin(), engines.end(), [&wanted](const Engine &each) {
        return each.name == wanted;
    });
    if (engine == engines.end())
        return failure(ErrorKind::NotFound, u"engine %1"_s.arg(wanted.text()));

    RestorePlan plan;
    plan.snapshot = snapshot.id;
    plan.ttlExpired = isExpired(snapshot, now);
    plan.forced = plan.ttlExpired && wish.force == ForceRestore::Yes;
    plan.fromSnapshot = !plan.ttlExpired || plan.forced;
    plan.engine = wanted;
    plan.image = plan.fromSnapshot ? snapshot.imageReference : snapshot.config.image;
    plan.config = snapshot.config;
    plan.notices = noticesFor(plan, snapshot);
    plan.checks = {checkEngine(*engine)};
    plan.checks += checkImage(plan, snapshot, registries);
    plan.checks += checkPlatform(plan, *engine, snapshot, engines);
    return plan;
}

std::optional<Location>
nearestRegistryCopy(const Snapshot &snapshot, const QList<Registry> &registries)
{
    for (const Registry &registry : registries) {
        for (const Location &location : snapshot.locations) {
            if (location.kind == LocationKind::Registry && location.place == registry.name.text()
                && location.state == LocationState::Present && !location.digest.isEmpty())
                return location;
        }
    }
    return std::nullopt;
}

} // namespace sandglass
