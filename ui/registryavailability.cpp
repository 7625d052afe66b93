#include "ui/registryavailability.h"

#include "models/presence.h"

#include <QCoreApplication>

#include <algorithm>

namespace sandglass {

namespace {

struct PlaceAvailability
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::PlaceAvailability)
};

bool isAt(const Snapshot &snapshot, LocationKind kind)
{
    return std::any_of(
        snapshot.locations.begin(), snapshot.locations.end(), [kind](const Location &location) {
            return location.kind == kind && location.state == LocationState::Present;
        });
}

/// Why nothing can be brought to a place of which this is written down.
QString occupiedBy(const Location *location)
{
    if (!location)
        return {};
    switch (location->state) {
    case LocationState::Present:
        return PlaceAvailability::tr("It is there already.");
    case LocationState::Uploading:
        return PlaceAvailability::tr("It is on its way there.");
    case LocationState::Removing:
        return PlaceAvailability::tr("It is being removed there.");
    case LocationState::Missing:
    case LocationState::Drifted:
    case LocationState::Failed:
        break;
    }
    return {};
}

} // namespace

Availability forRegistry(const QList<Registry> &selected)
{
    if (selected.size() != 1)
        return {PlaceAvailability::tr("Select a registry first.")};
    return {};
}

Availability forRemoveCredential(const QList<Registry> &selected)
{
    if (const Availability one = forRegistry(selected); !one.isAvailable())
        return one;
    if (selected.first().credentialSource != CredentialSource::Keychain)
        return {PlaceAvailability::tr("The keychain has no credential of this registry.")};
    return {};
}

Availability forPlaces(const QList<Snapshot> &selected)
{
    if (selected.isEmpty())
        return {PlaceAvailability::tr("Select a snapshot first.")};
    if (selected.size() > 1)
        return {PlaceAvailability::tr("Select one snapshot only.")};
    if (selected.first().status != SnapshotStatus::Active)
        return {PlaceAvailability::tr("Only an active snapshot is brought to other places.")};
    return {};
}

Availability forPush(const Snapshot &snapshot, const RegistryName &to)
{
    const QString occupied = occupiedBy(locationAt(snapshot, LocationKind::Registry, to.text()));
    if (!occupied.isEmpty())
        return {occupied};
    if (!isAt(snapshot, LocationKind::Engine))
        return {PlaceAvailability::tr("It is on no engine; pull it to one first.")};
    return {};
}

Availability forPull(const Snapshot &snapshot, const EngineName &to, const QSet<EngineName> &live)
{
    const QString occupied = occupiedBy(locationAt(snapshot, LocationKind::Engine, to.text()));
    if (!occupied.isEmpty())
        return {occupied};
    if (!isAt(snapshot, LocationKind::Registry))
        return {PlaceAvailability::tr("It is in no registry; push it to one first.")};
    if (!live.contains(to))
        return {PlaceAvailability::tr("Engine %1 is not connected.").arg(to.text())};
    return {};
}

Availability forCheck(const Snapshot &snapshot)
{
    const bool inRegistry = std::any_of(
        snapshot.locations.begin(), snapshot.locations.end(), [](const Location &location) {
            return location.kind == LocationKind::Registry && isSettled(location.state);
        });
    if (!inRegistry)
        return {PlaceAvailability::tr("It is in no registry; engines tell by themselves.")};
    return {};
}

QList<Location> retryableOf(const Snapshot &snapshot)
{
    QList<Location> failed;
    std::copy_if(
        snapshot.locations.begin(),
        snapshot.locations.end(),
        std::back_inserter(failed),
        [](const Location &location) {
            return location.state == LocationState::Failed
                || location.state == LocationState::Missing
                || location.state == LocationState::Drifted;
        });
    return failed;
}

} // namespace sandglass
