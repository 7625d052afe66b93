#pragma once

#include <QList>

namespace sandglass {

/// How many descriptors this process has open.
[[nodiscard]] int openDescriptors();

/// The processes that a process started and that live, or were not waited for.
[[nodiscard]] QList<int> childrenOf(int process);

} // namespace sandglass
