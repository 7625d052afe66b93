#include "tests/support/waitfor.h"

#include <QTest>

namespace sandglass {

bool waitFor(const std::function<bool()> &condition, std::chrono::milliseconds limit)
{
    return QTest::qWaitFor(condition, int(limit.count()));
}

} // namespace sandglass
