#include "services/domain/ttl.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

std::optional<Timestamp> expiryOf(Timestamp created, qint64 ttlSeconds)
{
    if (ttlSeconds <= 0)
        return std::nullopt;
    const qint64 start = std::max<qint64>(toMilliseconds(created), 0);
    if (start > endOfCalendarMilliseconds
        || ttlSeconds > (endOfCalendarMilliseconds - start) / 1000)
        return std::nullopt;
    return fromMilliseconds(toMilliseconds(created) + ttlSeconds * 1000);
}

bool isExpired(Timestamp created, qint64 ttlSeconds, Timestamp now)
{
    if (ttlSeconds <= 0 || now <= created)
        return false;
    // now > created, so the difference of the two as unsigned numbers is exact whatever their
    // signs.
    const quint64 age = quint64(toMilliseconds(now)) - quint64(toMilliseconds(created));
    return age / 1000 >= quint64(ttlSeconds);
}

Result<qint64> validateTtl(qint64 ttlSeconds, Timestamp now)
{
    if (ttlSeconds < 0)
        return failure(
            ErrorKind::InvalidArgument, u"the TTL must not be negative (0 means never)"_s);
    if (ttlSeconds > 0 && !expiryOf(now, ttlSeconds))
        return failure(
            ErrorKind::InvalidArgument, u"the TTL ends after the year 9999; use 0 for never"_s);
    return ttlSeconds;
}

} // namespace sandglass
