#include "models/statewords.h"

#include "models/valuewords.h"

#include <QCoreApplication>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

struct StateWords
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::StateWords)
};

bool isPastItsTtl(const Snapshot &snapshot, Timestamp now)
{
    return snapshot.status == SnapshotStatus::Active && isExpired(snapshot, now);
}

} // namespace

QString stateText(SandboxStatus status)
{
    switch (status) {
    case SandboxStatus::Pending:
        return StateWords::tr("Being created");
    case SandboxStatus::Running:
        return StateWords::tr("Running");
    case SandboxStatus::Paused:
        return StateWords::tr("Paused");
    case SandboxStatus::Stopped:
        return StateWords::tr("Stopped");
    case SandboxStatus::Terminating:
        return StateWords::tr("Terminating");
    case SandboxStatus::Terminated:
        return StateWords::tr("Terminated");
    case SandboxStatus::Failed:
        return StateWords::tr("Failed");
    case SandboxStatus::Missing:
        return StateWords::tr("Missing");
    case SandboxStatus::Released:
        return StateWords::tr("Let go");
    }
    return {};
}

StateMark markOf(SandboxStatus status)
{
    switch (status) {
    case SandboxStatus::Pending:
    case SandboxStatus::Terminating:
        return StateMark::Working;
    case SandboxStatus::Running:
        return StateMark::Good;
    case SandboxStatus::Paused:
        return StateMark::Paused;
    case SandboxStatus::Stopped:
    case SandboxStatus::Terminated:
    case SandboxStatus::Released:
        return StateMark::Stopped;
    case SandboxStatus::Failed:
        return StateMark::Failed;
    case SandboxStatus::Missing:
        return StateMark::Warning;
    }
    return StateMark::Unknown;
}

bool isImageMissing(const Snapshot &snapshot)
{
    return snapshot.status == SnapshotStatus::Active
        && std::none_of(
               snapshot.locations.begin(), snapshot.locations.end(), [](const Location &location) {
                   return location.state == LocationState::Present;
               });
}

QString stateText(const Snapshot &snapshot, Timestamp now)
{
    switch (snapshot.status) {
    case SnapshotStatus::Creating:
        return StateWords::tr("Creating");
    case SnapshotStatus::Active:
        if (isImageMissing(snapshot)) {
            return isPastItsTtl(snapshot, now) ? StateWords::tr("Expired, image missing")
                                               : StateWords::tr("Image missing");
        }
        return isPastItsTtl(snapshot, now) ? StateWords::tr("Expired") : StateWords::tr("Active");
    case SnapshotStatus::Deleting:
        return StateWords::tr("Deleting");
    case SnapshotStatus::Failed:
        return StateWords::tr("Failed");
    case SnapshotStatus::Trashed:
        return StateWords::tr("In the trash");
    }
    return {};
}

StateMark markOf(const Snapshot &snapshot, Timestamp now)
{
    switch (snapshot.status) {
    case SnapshotStatus::Creating:
        return StateMark::Working;
    case SnapshotStatus::Active:
        if (isImageMissing(snapshot))
            return StateMark::Warning;
        return isPastItsTtl(snapshot, now) ? StateMark::Expired : StateMark::Good;
    case SnapshotStatus::Deleting:
        return snapshot.error.isEmpty() ? StateMark::Working : StateMark::Waiting;
    case SnapshotStatus::Failed:
        return StateMark::Failed;
    case SnapshotStatus::Trashed:
        return StateMark::Trashed;
    }
    return StateMark::Unknown;
}

Timestamp stateSince(const Snapshot &snapshot, Timestamp now)
{
    if (isImageMissing(snapshot)) {
        Timestamp since = snapshot.changedAt;
        for (const Location &location : snapshot.locations)
            since = std::max(since, location.changedAt);
        return since;
    }
    return isPastItsTtl(snapshot, now) ? expiryOf(snapshot).value_or(snapshot.changedAt)
                                       : snapshot.changedAt;
}

std::optional<Timestamp> asOf(const Snapshot &snapshot, const QList<Engine> &engines)
{
    if (snapshot.status != SnapshotStatus::Active)
        return {};
    bool isSilent = false;
    Timestamp confirmed = snapshot.changedAt;
    for (const Location &location : snapshot.locations) {
        if (location.kind != LocationKind::Engine)
            continue;
        const auto engine = std::find_if(engines.begin(), engines.end(), [&](const Engine &each) {
            return each.name.text() == location.place;
        });
        const bool answers = engine != engines.end() && engine->state == EngineState::Connected;
        if (answers && location.state == LocationState::Present)
            return {};
        isSilent = isSilent || !answers;
        if (!answers && engine != engines.end())
            confirmed = std::max(confirmed, engine->lastSeenAt.value_or(confirmed));
    }
    return isSilent ? std::optional(confirmed) : std::nullopt;
}

QString stateText(OperationState state)
{
    switch (state) {
    case OperationState::Queued:
        return StateWords::tr("Queued");
    case OperationState::Running:
        return StateWords::tr("Running");
    case OperationState::Waiting:
        return StateWords::tr("Waiting to try again");
    case OperationState::Undoing:
        return StateWords::tr("Being undone");
    case OperationState::Succeeded:
        return StateWords::tr("Succeeded");
    case OperationState::Failed:
        return StateWords::tr("Failed");
    case OperationState::Cancelled:
        return StateWords::tr("Cancelled");
    }
    return {};
}

StateMark markOf(OperationState state)
{
    switch (state) {
    case OperationState::Queued:
    case OperationState::Waiting:
        return StateMark::Waiting;
    case OperationState::Running:
    case OperationState::Undoing:
        return StateMark::Working;
    case OperationState::Succeeded:
        return StateMark::Good;
    case OperationState::Failed:
        return StateMark::Failed;
    case OperationState::Cancelled:
        return StateMark::Stopped;
    }
    return StateMark::Unknown;
}

QString kindText(OperationKind kind)
{
    switch (kind) {
    case OperationKind::CreateSandbox:
        return StateWords::tr("Create sandbox");
    case OperationKind::TerminateSandbox:
        return StateWords::tr("Terminate sandbox");
    case OperationKind::CreateSnapshot:
        return StateWords::tr("Create snapshot");
    case OperationKind::RestoreSnapshot:
        return StateWords::tr("Restore snapshot");
    case OperationKind::DeleteSnapshot:
        return StateWords::tr("Delete snapshot");
    case OperationKind::PushSnapshot:
        return StateWords::tr("Push snapshot");
    case OperationKind::PullSnapshot:
        return StateWords::tr("Pull snapshot");
    }
    return {};
}

QString stateText(const Engine &engine, Timestamp now)
{
    switch (engine.state) {
    case EngineState::Connecting:
        return StateWords::tr("Connecting");
    case EngineState::Connected:
        return StateWords::tr("Connected");
    case EngineState::Unreachable:
        if (!engine.nextAttemptAt)
            return StateWords::tr("Unreachable");
        if (*engine.nextAttemptAt <= now)
            return StateWords::tr("Reconnecting (trying now)");
        // Counted down to 1, not to 0.
        return StateWords::tr("Reconnecting (next try in %1)")
            .arg(
                durationText(std::chrono::ceil<std::chrono::seconds>(*engine.nextAttemptAt - now)));
    case EngineState::Unsupported:
        return StateWords::tr("Unsupported version");
    }
    return {};
}

StateMark markOf(EngineState state)
{
    switch (state) {
    case EngineState::Connecting:
        return StateMark::Working;
    case EngineState::Connected:
        return StateMark::Good;
    case EngineState::Unreachable:
        return StateMark::Failed;
    case EngineState::Unsupported:
        return StateMark::Warning;
    }
    return StateMark::Unknown;
}

StateMark markOf(PreflightCheck::Outcome outcome)
{
    switch (outcome) {
    case PreflightCheck::Outcome::Passed:
        return StateMark::Good;
    case PreflightCheck::Outcome::Failed:
        return StateMark::Failed;
    case PreflightCheck::Outcome::Unknown:
        break;
    }
    return StateMark::Unknown;
}

QString stateText(LocationState state)
{
    switch (state) {
    case LocationState::Uploading:
        return StateWords::tr("uploading");
    case LocationState::Present:
        return StateWords::tr("present");
    case LocationState::Missing:
        return StateWords::tr("missing");
    case LocationState::Drifted:
        return StateWords::tr("drifted");
    case LocationState::Removing:
        return StateWords::tr("removing");
    case LocationState::Failed:
        return StateWords::tr("failed");
    }
    return {};
}

QString placeText(const Location &location)
{
    const QString place = location.kind == LocationKind::Engine
        ? StateWords::tr("engine %1 (%2)").arg(location.place, stateText(location.state))
        : StateWords::tr("registry %1 (%2)").arg(location.place, stateText(location.state));
    return location.error.isEmpty() ? place : place + u": "_s + location.error;
}

QString shortPlaceText(const Location &location)
{
    return location.state == LocationState::Present
        ? location.place
        : StateWords::tr("%1 (%2)").arg(location.place, stateText(location.state));
}

QString nameText(const Sandbox &sandbox)
{
    return sandbox.displayName.isEmpty() ? sandbox.id.text() : sandbox.displayName;
}

} // namespace sandglass
