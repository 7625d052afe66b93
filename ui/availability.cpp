#include "ui/availability.h"

#include "models/statewords.h"

#include <QCoreApplication>

#include <algorithm>

namespace sandglass {

namespace {

struct AvailabilityWords
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::Availability)
};

QString selectOneSandbox()
{
    return AvailabilityWords::tr("Select a sandbox first.");
}
QString selectSnapshot()
{
    return AvailabilityWords::tr("Select a snapshot first.");
}
QString selectOperation()
{
    return AvailabilityWords::tr("Select an operation first.");
}

} // namespace

Availability forNewSandbox(const QSet<EngineName> &live)
{
    if (live.isEmpty())
        return {AvailabilityWords::tr("No engine is connected.")};
    return {};
}

Availability forSnapshot(const QList<Sandbox> &selected, const QSet<EngineName> &live)
{
    if (selected.size() != 1)
        return {selectOneSandbox()};
    const Sandbox &sandbox = selected.first();
    if (!live.contains(sandbox.engine))
        return {
            AvailabilityWords::tr("Its engine, %1, is not connected.").arg(sandbox.engine.text())};
    if (!canSnapshot(sandbox.status)) {
        return {AvailabilityWords::tr(
                    "Only a running or paused sandbox can be snapshotted; this one is: %1.")
                    .arg(stateText(sandbox.status))};
    }
    return {};
}

Availability forTerminate(const QList<Sandbox> &selected)
{
    if (selected.size() != 1)
        return {selectOneSandbox()};
    if (!canTerminate(selected.first().status))
        return {AvailabilityWords::tr("It is already being terminated.")};
    return {};
}

Availability forLetGo(const QList<Sandbox> &selected)
{
    if (selected.size() != 1)
        return {selectOneSandbox()};
    if (selected.first().origin != SandboxOrigin::Adopted)
        return {AvailabilityWords::tr(
            "Sandglass made its container; only an adopted sandbox can be let go.")};
    if (!canTerminate(selected.first().status))
        return {AvailabilityWords::tr("It is already being terminated.")};
    return {};
}

Availability forRestore(const QList<Snapshot> &selected, Timestamp now)
{
    if (selected.isEmpty())
        return {selectSnapshot()};
    if (selected.size() > 1)
        return {AvailabilityWords::tr("Select one snapshot only.")};
    switch (selected.first().status) {
    case SnapshotStatus::Creating:
        return {AvailabilityWords::tr("It is still being created.")};
    case SnapshotStatus::Deleting:
        return {AvailabilityWords::tr("It is being deleted.")};
    case SnapshotStatus::Failed:
        return {AvailabilityWords::tr("It failed and holds nothing to restore.")};
    case SnapshotStatus::Trashed:
        return {AvailabilityWords::tr("It is in the trash; take it back first.")};
    case SnapshotStatus::Active:
        break;
    }
    if (isImageMissing(selected.first()) && !isExpired(selected.first(), now)) {
        return {AvailabilityWords::tr(
            "Its image is gone from every place where it was, and not by Sandglass: there is "
            "nothing to restore.")};
    }
    return {};
}

Availability forRetry(const QList<Snapshot> &selected)
{
    if (selected.isEmpty())
        return {selectSnapshot()};
    if (selected.size() > 1)
        return {AvailabilityWords::tr("Select one snapshot only.")};
    if (!canRetry(selected.first().status))
        return {AvailabilityWords::tr("Only a snapshot that failed is tried again.")};
    return {};
}

QList<Snapshot> deletableOf(const QList<Snapshot> &selected, Timestamp now)
{
    QList<Snapshot> deletable;
    std::copy_if(
        selected.begin(),
        selected.end(),
        std::back_inserter(deletable),
        [now](const Snapshot &snapshot) {
            return canDelete(snapshot.status) && !(snapshot.pin && snapshot.pin->holds(now));
        });
    return deletable;
}

Availability forDelete(const QList<Snapshot> &selected, Timestamp now)
{
    if (selected.isEmpty())
        return {selectSnapshot()};
    if (!deletableOf(selected, now).isEmpty())
        return {};
    if (selected.first().pin && selected.first().pin->holds(now))
        return {AvailabilityWords::tr("It is pinned; unpin it first.")};
    if (selected.first().status == SnapshotStatus::Deleting)
        return {AvailabilityWords::tr("It is already being deleted.")};
    return {AvailabilityWords::tr("It is still being created; cancel that operation instead.")};
}

Availability forCancel(const QList<Operation> &selected)
{
    if (selected.size() != 1)
        return {selectOperation()};
    const Operation &operation = selected.first();
    if (isFinished(operation.state))
        return {AvailabilityWords::tr("It is finished.")};
    if (operation.state == OperationState::Undoing)
        return {AvailabilityWords::tr("It is already being undone.")};
    if (operation.cancelRequested)
        return {AvailabilityWords::tr("It was already asked to stop.")};
    return {};
}

Availability forCopyError(const QList<Operation> &selected)
{
    if (selected.size() != 1)
        return {selectOperation()};
    if (selected.first().error.isEmpty())
        return {AvailabilityWords::tr("It has no error.")};
    return {};
}

Availability forChange(const QList<Engine> &selected)
{
    return forForget(selected);
}

Availability forForget(const QList<Engine> &selected)
{
    if (selected.size() != 1)
        return {AvailabilityWords::tr("Select an engine first.")};
    return {};
}

} // namespace sandglass
