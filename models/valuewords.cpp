#include "models/valuewords.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

struct ValueWords
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::ValueWords)
};

// The singular has a source text of its own: without a translation file "%n" picks no plural form.
QString daysText(qint64 n)
{
    return n == 1 ? ValueWords::tr("1 day") : ValueWords::tr("%n days", nullptr, int(n));
}
QString hoursText(qint64 n)
{
    return n == 1 ? ValueWords::tr("1 hour") : ValueWords::tr("%n hours", nullptr, int(n));
}
QString minutesText(qint64 n)
{
    return n == 1 ? ValueWords::tr("1 minute") : ValueWords::tr("%n minutes", nullptr, int(n));
}
QString secondsText(qint64 n)
{
    return n == 1 ? ValueWords::tr("1 second") : ValueWords::tr("%n seconds", nullptr, int(n));
}

struct Unit
{
    qint64 seconds;
    QString (*text)(qint64);
};
constexpr std::array units{
    Unit{86'400, daysText}, Unit{3'600, hoursText}, Unit{60, minutesText}, Unit{1, secondsText}};

QString largestUnits(qint64 seconds, int count)
{
    QStringList parts;
    for (const Unit &unit : units) {
        const qint64 n = seconds / unit.seconds;
        if (n == 0 && parts.isEmpty() && unit.seconds > 1)
            continue;
        if (n > 0 || parts.isEmpty())
            parts.append(unit.text(n));
        seconds %= unit.seconds;
        if (--count == 0)
            break;
    }
    return parts.join(u' ');
}

} // namespace

QString noValueText()
{
    return u"—"_s;
}

QString sizeText(std::optional<qint64> bytes)
{
    return bytes ? QLocale().formattedDataSize(*bytes, 1, QLocale::DataSizeIecFormat)
                 : noValueText();
}

QString momentText(Timestamp time)
{
    return QLocale().toString(
        QDateTime::fromMSecsSinceEpoch(toMilliseconds(time)), QLocale::ShortFormat);
}

QString momentText(std::optional<Timestamp> time)
{
    return time ? momentText(*time) : noValueText();
}

QString durationText(std::chrono::milliseconds duration)
{
    if (duration.count() > 0 && duration.count() < 1000)
        return ValueWords::tr("under 1 second");
    return largestUnits(std::max<qint64>(duration.count() / 1000, 0), 2);
}

QString distanceText(Timestamp time, Timestamp now)
{
    const bool isAhead = time > now;
    const qint64 seconds = (isAhead ? time - now : now - time).count() / 1000;
    if (seconds == 0)
        return ValueWords::tr("now");
    const QString distance = largestUnits(seconds, 1);
    return isAhead ? ValueWords::tr("in %1").arg(distance) : ValueWords::tr("%1 ago").arg(distance);
}

QString ttlText(qint64 ttlSeconds)
{
    if (ttlSeconds <= 0)
        return ValueWords::tr("never expires");
    for (const Unit &unit : units) {
        if (ttlSeconds % unit.seconds == 0)
            return unit.text(ttlSeconds / unit.seconds);
    }
    return secondsText(ttlSeconds);
}

QString expiryText(std::optional<Timestamp> expiry, Timestamp now)
{
    if (!expiry)
        return ValueWords::tr("never");
    const auto distance = *expiry > now ? *expiry - now : now - *expiry;
    const auto local = QDateTime::fromMSecsSinceEpoch(toMilliseconds(*expiry));
    const QString when = distance < std::chrono::hours(48)
        ? momentText(*expiry)
        : QLocale().toString(local.date(), QLocale::ShortFormat);
    return u"%1 (%2)"_s.arg(when, distanceText(*expiry, now));
}

} // namespace sandglass
