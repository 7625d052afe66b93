#pragma once

#include <Qt>

namespace sandglass {

/// What every table model answers besides text.
enum Role {
    IdRole = Qt::UserRole + 1, ///< the row's identity as text
    RawRole, ///< what a column is sorted by: a number or plain text
    StateRole, ///< int(StateMark); in the state's column only
    SearchRole, ///< everything of the row that the quick filter looks at
    MutedRole, ///< bool: the row may not be true any more, and is shown so
    PortionRole, ///< how much is done, in thousandths; in the progress' column only
};

/// A state as far as the eye is concerned: picks the icon that stands beside the state's word.
enum class StateMark {
    Good,
    Working,
    Waiting,
    Paused,
    Stopped,
    Expired,
    Warning,
    Failed,
    Unknown,
    Note, ///< no state: something to know
    Trashed, ///< out of the way: shown only when it is asked for
};

} // namespace sandglass
