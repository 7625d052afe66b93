#include "services/domain/snapshot.h"

#include "services/core/names.h"
#include "services/domain/ttl.h"

#include <algorithm>
#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const std::array snapshotStatusNames{
    std::pair{SnapshotStatus::Creating, u"creating"_s},
    std::pair{SnapshotStatus::Active, u"active"_s},
    std::pair{SnapshotStatus::Deleting, u"deleting"_s},
    std::pair{SnapshotStatus::Failed, u"failed"_s},
    std::pair{SnapshotStatus::Trashed, u"trashed"_s},
};

const std::array pauseNames{
    std::pair{PauseDuringCommit::Yes, u"yes"_s},
    std::pair{PauseDuringCommit::No, u"no"_s},
};

constexpr std::array transitions{
    SnapshotTransition{SnapshotStatus::Creating, SnapshotEvent::Committed, SnapshotStatus::Active},
    SnapshotTransition{
        SnapshotStatus::Creating, SnapshotEvent::CreationFailed, SnapshotStatus::Failed},
    SnapshotTransition{
        SnapshotStatus::Active, SnapshotEvent::DeletionAsked, SnapshotStatus::Deleting},
    SnapshotTransition{
        SnapshotStatus::Failed, SnapshotEvent::DeletionAsked, SnapshotStatus::Deleting},
    SnapshotTransition{SnapshotStatus::Failed, SnapshotEvent::RetryAsked, SnapshotStatus::Creating},
    SnapshotTransition{
        SnapshotStatus::Deleting, SnapshotEvent::DeletionGivenUp, SnapshotStatus::Active},
    SnapshotTransition{
        SnapshotStatus::Deleting, SnapshotEvent::DismissalGivenUp, SnapshotStatus::Failed},
    SnapshotTransition{SnapshotStatus::Deleting, SnapshotEvent::Removed, std::nullopt},
    SnapshotTransition{SnapshotStatus::Active, SnapshotEvent::TrashAsked, SnapshotStatus::Trashed},
    SnapshotTransition{SnapshotStatus::Trashed, SnapshotEvent::TakenBack, SnapshotStatus::Active},
    SnapshotTransition{
        SnapshotStatus::Trashed, SnapshotEvent::DeletionAsked, SnapshotStatus::Deleting},
};

} // namespace

QString nameOf(PauseDuringCommit pause)
{
    return nameIn(pauseNames, pause);
}
PauseDuringCommit pauseFrom(const QString &name)
{
    return valueIn(pauseNames, name, PauseDuringCommit::Yes);
}

std::span<const SnapshotTransition> snapshotTransitions()
{
    return transitions;
}

const SnapshotTransition *transitionOf(SnapshotStatus status, SnapshotEvent event)
{
    const auto *it = std::find_if(
        transitions.begin(), transitions.end(), [&](const SnapshotTransition &transition) {
            return transition.from == status && transition.event == event;
        });
    return it == transitions.end() ? nullptr : it;
}

QString nameOf(SnapshotStatus status)
{
    return nameIn(snapshotStatusNames, status);
}

std::optional<SnapshotStatus> snapshotStatusFrom(const QString &name)
{
    for (const auto &[status, known] : snapshotStatusNames) {
        if (known == name)
            return status;
    }
    return std::nullopt;
}

const Location *locationAt(const Snapshot &snapshot, LocationKind kind, const QString &place)
{
    for (const Location &location : snapshot.locations) {
        if (location.kind == kind && location.place == place)
            return &location;
    }
    return nullptr;
}

bool isPresentAt(const Snapshot &snapshot, LocationKind kind, const QString &place)
{
    const Location *location = locationAt(snapshot, kind, place);
    return location && location->state == LocationState::Present;
}

std::optional<Timestamp> expiryOf(const Snapshot &snapshot)
{
    return expiryOf(snapshot.createdAt, snapshot.ttlSeconds);
}

bool isExpired(const Snapshot &snapshot, Timestamp now)
{
    return isExpired(snapshot.createdAt, snapshot.ttlSeconds, now);
}

std::optional<qint64> addedBytes(qint64 imageBytes, const std::optional<qint64> &baseBytes)
{
    if (!baseBytes)
        return std::nullopt;
    return std::max<qint64>(imageBytes - *baseBytes, 0);
}

bool canDelete(SnapshotStatus status)
{
    return transitionOf(status, SnapshotEvent::DeletionAsked) != nullptr;
}

bool canRetry(SnapshotStatus status)
{
    return transitionOf(status, SnapshotEvent::RetryAsked) != nullptr;
}

} // namespace sandglass
