#include "services/operations/attempts.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int mostAttempts = 9; // with the delays below, about two minutes
constexpr std::chrono::milliseconds firstDelay{500};
constexpr std::chrono::milliseconds longestDelay{30'000};
constexpr std::chrono::milliseconds longestPause{3'600'000}; // that a registry asked for
const QString attemptsBefore = u"attempts_before"_s; // how many there were at the last wait

} // namespace

std::chrono::milliseconds delayAfter(int attempts, const Error &error)
{
    std::chrono::milliseconds delay = firstDelay;
    for (int i = 1; i < attempts && delay < longestDelay; ++i)
        delay *= 2;
    const std::chrono::milliseconds wanted = error.retryAfter.value_or(std::chrono::seconds(0));
    return std::max(std::min(delay, longestDelay), std::min(wanted, longestPause));
}

bool isDue(const Operation &operation, Timestamp now)
{
    if (!operation.nextAttemptAt)
        return true;
    // A time further ahead than any delay was written before the clock stepped back.
    const auto ahead = *operation.nextAttemptAt - now;
    const bool isPause = operation.errorKind == nameOf(ErrorKind::RateLimited)
        || operation.errorKind == nameOf(ErrorKind::Registry); // may ask for one as well
    return ahead <= std::chrono::milliseconds(0) || ahead > (isPause ? longestPause : longestDelay);
}

bool mustFollow(const Operation &operation, const Operation &older)
{
    if (!operation.sandbox.isEmpty() && operation.sandbox == older.sandbox)
        return true;
    return !operation.snapshot.isEmpty() && operation.snapshot == older.snapshot
        && (operation.kind == OperationKind::DeleteSnapshot
            || older.kind == OperationKind::DeleteSnapshot);
}

bool mayRetry(const Operation &operation, const Error &error)
{
    return isTransient(error)
        && operation.attempts - operation.memory[attemptsBefore].toInt() < mostAttempts;
}

void countWait(Operation &operation)
{
    operation.memory.insert(attemptsBefore, operation.attempts + 1);
}

} // namespace sandglass
