#pragma once

#include <QString>

namespace sandglass {

/// A text that names this process among all processes of this boot and process-id namespace, at all
/// times:
/// "{boot}/{namespace}/{process id}/{start time}". See proc(5).
[[nodiscard]] QString processIdentity();

/// Whether the process of this identity is known to have ended: it was of this boot and namespace,
/// where it could be seen, and is not there. False for what cannot be known, such as a process of
/// another machine.
[[nodiscard]] bool hasEnded(const QString &identity);

/// Whether the process of this identity is known to be there. False for what cannot be known.
[[nodiscard]] bool isAlive(const QString &identity);

} // namespace sandglass
