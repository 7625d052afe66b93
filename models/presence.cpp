#include "models/presence.h"

#include "models/statewords.h"
#include "models/transferwords.h"
#include "models/valuewords.h"

#include <QCoreApplication>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

struct PresenceWords
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::Presence)
};

/// What is known of the place itself.
struct Place
{
    bool answers = true;
    std::optional<Timestamp> lastSeenAt;
};

StateMark markOf(LocationState state)
{
    switch (state) {
    case LocationState::Uploading:
    case LocationState::Removing:
        return StateMark::Working;
    case LocationState::Present:
        return StateMark::Good;
    case LocationState::Missing:
    case LocationState::Drifted:
        return StateMark::Warning;
    case LocationState::Failed:
        return StateMark::Failed;
    }
    return StateMark::Unknown;
}

const Operation *transferTo(const Location &location, const QList<Operation> &operations)
{
    const auto found =
        std::find_if(operations.begin(), operations.end(), [&location](const Operation &each) {
            if (isFinished(each.state) || each.snapshot != location.snapshot)
                return false;
            return location.kind == LocationKind::Engine
                ? each.kind == OperationKind::PullSnapshot && each.engine.text() == location.place
                : each.kind == OperationKind::PushSnapshot
                    && each.inputs["registry"_L1].toString() == location.place;
        });
    return found == operations.end() ? nullptr : &*found;
}

QString transferText(const Location &location, const QList<Operation> &operations)
{
    const QString text = location.kind == LocationKind::Engine ? PresenceWords::tr("downloading")
                                                               : stateText(location.state);
    const Operation *transfer = transferTo(location, operations);
    if (!transfer)
        return text;
    if (transfer->state == OperationState::Waiting && !transfer->error.isEmpty())
        return PresenceWords::tr("%1, waiting to try again: %2").arg(text, transfer->error);
    const QString progress = progressText(transfer->progress);
    return progress.isEmpty() ? text : u"%1, %2"_s.arg(text, progress);
}

Presence presenceAt(
    const Location &location, const Place &place, const QList<Operation> &operations, Timestamp now)
{
    Presence presence{location.kind, location.place, markOf(location.state), {}};
    const QString state = stateText(location.state);
    if (location.state == LocationState::Uploading) {
        presence.text = transferText(location, operations);
    } else if (!place.answers && isSettled(location.state)) {
        presence.mark = StateMark::Unknown;
        const Timestamp since = std::max(
            place.lastSeenAt.value_or(location.changedAt),
            std::max(location.changedAt, location.checkedAt));
        presence.text = PresenceWords::tr("unknown since %1; was %2").arg(momentText(since), state);
    } else if (
        location.kind == LocationKind::Registry && location.state == LocationState::Present
        && location.checkedAt != Timestamp()) {
        presence.text =
            PresenceWords::tr("%1, checked %2").arg(state, distanceText(location.checkedAt, now));
    } else {
        presence.text = state;
    }
    if (!location.error.isEmpty() && location.state != LocationState::Uploading)
        presence.text += u": "_s + location.error;
    return presence;
}

} // namespace

QList<Presence> presenceOf(
    const Snapshot &snapshot,
    const QList<Engine> &engines,
    const QList<Registry> &registries,
    const QList<Operation> &operations,
    Timestamp now)
{
    QList<Presence> all;
    const auto add = [&](LocationKind kind, const QString &name, const Place &place) {
        if (const Location *location = locationAt(snapshot, kind, name))
            all.append(presenceAt(*location, place, operations, now));
        else
            all.append({kind, name, StateMark::Stopped, PresenceWords::tr("not there")});
    };
    for (const Engine &engine : engines) {
        add(LocationKind::Engine,
            engine.name.text(),
            {engine.state == EngineState::Connected, engine.lastSeenAt});
    }
    for (const Registry &registry : registries) {
        add(LocationKind::Registry,
            registry.name.text(),
            {registry.error.isEmpty(), registry.lastSeenAt});
    }
    for (const Location &location : snapshot.locations) {
        const bool isListed = std::any_of(all.begin(), all.end(), [&](const Presence &each) {
            return each.kind == location.kind && each.place == location.place;
        });
        if (!isListed)
            all.append(presenceAt(location, {false, {}}, operations, now));
    }
    return all;
}

QString lineOf(const Presence &presence)
{
    return presence.kind == LocationKind::Engine
        ? PresenceWords::tr("engine %1: %2").arg(presence.place, presence.text)
        : PresenceWords::tr("registry %1: %2").arg(presence.place, presence.text);
}

} // namespace sandglass
