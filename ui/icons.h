#pragma once

#include "models/roles.h"
#include "ui/look.h"

#include <QIcon>

namespace sandglass {

/// The symbolic icons of resources/icons, by file name.
enum class IconName {
    Sandbox,
    Snapshot,
    Operation,
    Engine,
    Registry,
    Cleanup,
    History,
    Schedule,
    Pin,
    Good,
    Working,
    Waiting,
    Paused,
    Stopped,
    Expired,
    Warning,
    Failed,
    Unknown,
    Info,
    Add,
    Adopt,
    LetGo,
    Restore,
    Delete,
    Terminate,
    Copy,
    Credential,
    Push,
    Pull,
    Cancel,
    Find,
    Refresh,
    Test,
};

/// A sharp icon of any size, drawn in the colour of the palette that is in force when it is
/// painted.
[[nodiscard]] QIcon icon(IconName name, Tone tone = Tone::Neutral);

/// The icon and the tone of a state.
[[nodiscard]] QIcon icon(StateMark mark);
[[nodiscard]] Tone toneOf(StateMark mark);

/// The program's own icon, in colour.
[[nodiscard]] QIcon programIcon();

} // namespace sandglass
