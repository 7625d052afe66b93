#pragma once

#include "services/operations/operationdefinition.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace sandglass {

// A snapshot freezes its sandbox while the filesystem is read (facts C1 to C3). What is in the
// journal's memory decides whether it was us who froze it, so that it is thawed after any crash and
// a sandbox that others froze stays frozen.

/// Whether an engine refused to pause a container because it stands still already, although it says
/// that it runs. It forgot a pause in the middle of which it was killed (seen with 20.10 and
/// live-restore), and refuses to unpause, too; somebody on its host has to let the container go on.
[[nodiscard]] bool isForgottenPause(const Error &error);

/// Freezes the container and checks that it stands still; remembers before that it is by us. Does
/// nothing when it is paused by somebody else, or does not run any more.
[[nodiscard]] Done freeze(StepContext &context, const QString &containerId);

/// Thaws the container if it is frozen by us, and checks. Gone or stopped is fine. A step: what it
/// remembers is written with its end.
[[nodiscard]] Done thaw(StepContext &context);
/// As thaw(), and writes it down at once: for between and after attempts.
[[nodiscard]] Done thawNow(StepContext &context);

/// How often the sandbox went on since the operation began: what was committed before the last time
/// is older than what stands still now.
[[nodiscard]] int thawsOf(const Operation &operation);

/// While it lives: thaws the container at once when somebody cancels, although the thread that
/// commits is blocked. An engine cannot stop a commit (20.10), so the commit is waited for, but not
/// with a frozen sandbox.
class ThawOnCancel
{
public:
    explicit ThawOnCancel(StepContext &context);
    ~ThawOnCancel();
    ThawOnCancel(const ThawOnCancel &) = delete;
    ThawOnCancel &operator=(const ThawOnCancel &) = delete;

private:
    void watch();

    StepContext &m_context;
    QString m_containerId;
    bool m_isFrozenByUs; // read here: the memory belongs to the thread that commits
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_cancelled = false;
    bool m_ended = false;
    CancelToken::Registration m_registration;
    std::thread m_thread; // last: it uses all of the above
};

} // namespace sandglass
