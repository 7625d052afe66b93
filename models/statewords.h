#pragma once

#include "models/roles.h"
#include "services/domain/engine.h"
#include "services/domain/operation.h"
#include "services/domain/restoreplan.h"
#include "services/domain/sandbox.h"
#include "services/domain/snapshot.h"

namespace sandglass {

/// States and kinds in words for people, and the marks that stand beside them. Translated; pure.

[[nodiscard]] QString stateText(SandboxStatus status);
[[nodiscard]] StateMark markOf(SandboxStatus status);

/// Whether it is active, and none of the places where it should be has its image.
[[nodiscard]] bool isImageMissing(const Snapshot &snapshot);

/// An active snapshot past its TTL reads "Expired", one whose image vanished "Image missing".
[[nodiscard]] QString stateText(const Snapshot &snapshot, Timestamp now);
[[nodiscard]] StateMark markOf(const Snapshot &snapshot, Timestamp now);

/// Since when its state is what it is.
[[nodiscard]] Timestamp stateSince(const Snapshot &snapshot, Timestamp now);

/// When what is shown of an active snapshot was last known to be true, because no engine that has
/// its image answers now; nothing: it is true now. What is not active is in our own books.
[[nodiscard]] std::optional<Timestamp> asOf(const Snapshot &snapshot, const QList<Engine> &engines);

[[nodiscard]] QString stateText(OperationState state);
[[nodiscard]] StateMark markOf(OperationState state);
[[nodiscard]] QString kindText(OperationKind kind);

/// One that does not answer reads "Reconnecting (next try in 7 seconds)".
[[nodiscard]] QString stateText(const Engine &engine, Timestamp now);
[[nodiscard]] StateMark markOf(EngineState state);

[[nodiscard]] StateMark markOf(PreflightCheck::Outcome outcome);

[[nodiscard]] QString stateText(LocationState state);

/// "engine local (present)", with the error where there is one.
[[nodiscard]] QString placeText(const Location &location);
/// "local"; "local (missing)" when the image is not present there.
[[nodiscard]] QString shortPlaceText(const Location &location);

/// What people call a sandbox: its name, else its id.
[[nodiscard]] QString nameText(const Sandbox &sandbox);

} // namespace sandglass
