#include "services/domain/crontimes.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// "2024-03-31T01:00:00Z"
Timestamp timeOf(const QString &text)
{
    return fromMilliseconds(QDateTime::fromString(text, Qt::ISODate).toMSecsSinceEpoch());
}

QString textOf(const std::optional<Timestamp> &time)
{
    if (!time)
        return u"never"_s;
    return QDateTime::fromMSecsSinceEpoch(toMilliseconds(*time), Qt::UTC).toString(Qt::ISODate);
}

} // namespace

class CronTimesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nextByTable_data()
    {
        QTest::addColumn<QString>("cron");
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QStringList>("expected");
        const auto utc = [](const char *name,
                            const QString &cron,
                            const QString &after,
                            const QStringList &expected) {
            QTest::newRow(name) << cron << u"UTC"_s << after << expected;
        };
        const auto berlin = [](const char *name,
                               const QString &cron,
                               const QString &after,
                               const QStringList &expected) {
            QTest::newRow(name) << cron << u"Europe/Berlin"_s << after << expected;
        };
        utc("every minute",
            u"* * * * *"_s,
            u"2024-05-01T10:00:30Z"_s,
            {u"2024-05-01T10:01:00Z"_s, u"2024-05-01T10:02:00Z"_s});
        utc("strictly after",
            u"30 10 * * *"_s,
            u"2024-05-01T10:30:00Z"_s,
            {u"2024-05-02T10:30:00Z"_s});
        utc("lists, ranges and steps",
            u"0,30 8-10/2 * * *"_s,
            u"2024-05-01T08:00:00Z"_s,
            {u"2024-05-01T08:30:00Z"_s,
             u"2024-05-01T10:00:00Z"_s,
             u"2024-05-01T10:30:00Z"_s,
             u"2024-05-02T08:00:00Z"_s});
        utc("a step over all",
            u"*/25 3 * * *"_s,
            u"2024-05-01T00:00:00Z"_s,
            {u"2024-05-01T03:00:00Z"_s, u"2024-05-01T03:25:00Z"_s, u"2024-05-01T03:50:00Z"_s});
        utc("a range of one Sunday",
            u"0 0 * * 0-0"_s,
            u"2024-05-01T00:00:00Z"_s,
            {u"2024-05-05T00:00:00Z"_s, u"2024-05-12T00:00:00Z"_s});
        utc("names of months and days",
            u"0 0 * jan,Dec mon-FRI"_s,
            u"2024-12-31T12:00:00Z"_s,
            {u"2025-01-01T00:00:00Z"_s,
             u"2025-01-02T00:00:00Z"_s,
             u"2025-01-03T00:00:00Z"_s,
             u"2025-01-06T00:00:00Z"_s});
        utc("Sunday is 0 and 7",
            u"0 0 * * 7"_s,
            u"2024-05-01T00:00:00Z"_s,
            {u"2024-05-05T00:00:00Z"_s, u"2024-05-12T00:00:00Z"_s});
        utc("a week that ends with Sunday",
            u"0 0 * * SAT-SUN"_s,
            u"2024-05-01T00:00:00Z"_s,
            {u"2024-05-04T00:00:00Z"_s, u"2024-05-05T00:00:00Z"_s, u"2024-05-11T00:00:00Z"_s});
        utc("day or weekday",
            u"0 0 13 * FRI"_s,
            u"2024-05-09T00:00:00Z"_s,
            {u"2024-05-10T00:00:00Z"_s, u"2024-05-13T00:00:00Z"_s, u"2024-05-17T00:00:00Z"_s});
        utc("day and weekday, when one is a step over all",
            u"0 0 */2 * FRI"_s,
            u"2024-05-01T00:00:00Z"_s,
            {u"2024-05-03T00:00:00Z"_s, u"2024-05-17T00:00:00Z"_s, u"2024-05-31T00:00:00Z"_s});
        utc("months without a 31st",
            u"0 0 31 * *"_s,
            u"2024-03-31T00:00:00Z"_s,
            {u"2024-05-31T00:00:00Z"_s, u"2024-07-31T00:00:00Z"_s, u"2024-08-31T00:00:00Z"_s});
        utc("leap day",
            u"0 12 29 2 *"_s,
            u"2023-03-01T00:00:00Z"_s,
            {u"2024-02-29T12:00:00Z"_s, u"2028-02-29T12:00:00Z"_s});
        utc("no leap day in 2100",
            u"0 12 29 FEB *"_s,
            u"2096-03-01T00:00:00Z"_s,
            {u"2104-02-29T12:00:00Z"_s});
        utc("the end of a year",
            u"59 23 31 12 *"_s,
            u"2024-12-31T23:59:00Z"_s,
            {u"2025-12-31T23:59:00Z"_s});
        utc("the end of the calendar", u"0 0 1 1 *"_s, u"9999-01-01T00:00:00Z"_s, {u"never"_s});
        utc("before the epoch",
            u"@daily"_s,
            u"1969-12-31T12:00:00Z"_s,
            {u"1970-01-01T00:00:00Z"_s});
        utc("@hourly", u"@hourly"_s, u"2024-05-01T10:00:00Z"_s, {u"2024-05-01T11:00:00Z"_s});
        utc("@daily", u" @Daily "_s, u"2024-05-01T10:00:00Z"_s, {u"2024-05-02T00:00:00Z"_s});
        utc("@weekly", u"@weekly"_s, u"2024-05-01T10:00:00Z"_s, {u"2024-05-05T00:00:00Z"_s});
        utc("@monthly", u"@monthly"_s, u"2024-05-01T00:00:00Z"_s, {u"2024-06-01T00:00:00Z"_s});
        utc("@yearly", u"@yearly"_s, u"2024-05-01T00:00:00Z"_s, {u"2025-01-01T00:00:00Z"_s});
        utc("spaces and tabs",
            u"  5\t4  * * *\n"_s,
            u"2024-05-01T00:00:00Z"_s,
            {u"2024-05-01T04:05:00Z"_s});

        // 2024-03-31, 02:00 CET (01:00 UTC): the clock goes on to 03:00 CEST.
        berlin(
            "a skipped time",
            u"30 2 * * *"_s,
            u"2024-03-30T00:00:00Z"_s,
            {u"2024-03-30T01:30:00Z"_s, u"2024-03-31T01:00:00Z"_s, u"2024-04-01T00:30:00Z"_s});
        berlin(
            "several skipped times are one",
            u"*/15 2,3 31 3 *"_s,
            u"2024-03-31T00:00:00Z"_s,
            {u"2024-03-31T01:00:00Z"_s, u"2024-03-31T01:15:00Z"_s, u"2024-03-31T01:30:00Z"_s});
        berlin(
            "hours around a gap",
            u"@hourly"_s,
            u"2024-03-30T23:30:00Z"_s,
            {u"2024-03-31T00:00:00Z"_s, u"2024-03-31T01:00:00Z"_s, u"2024-03-31T02:00:00Z"_s});
        berlin(
            "from within the hour after a gap",
            u"30 2 * * *"_s,
            u"2024-03-31T01:00:00Z"_s,
            {u"2024-04-01T00:30:00Z"_s});
        // 2024-10-27, 03:00 CEST (01:00 UTC): the clock goes back to 02:00 CET.
        berlin(
            "a time that comes twice",
            u"30 2 * * *"_s,
            u"2024-10-26T00:00:00Z"_s,
            {u"2024-10-26T00:30:00Z"_s, u"2024-10-27T00:30:00Z"_s, u"2024-10-28T01:30:00Z"_s});
        berlin(
            "between the two",
            u"30 2 * * *"_s,
            u"2024-10-27T01:10:00Z"_s,
            {u"2024-10-28T01:30:00Z"_s});
        berlin(
            "each hour of the wall clock once",
            u"@hourly"_s,
            u"2024-10-26T23:30:00Z"_s,
            {u"2024-10-27T00:00:00Z"_s, u"2024-10-27T02:00:00Z"_s, u"2024-10-27T03:00:00Z"_s});
        berlin(
            "every minute, in the hour that comes again",
            u"* * * * *"_s,
            u"2024-10-27T01:00:00Z"_s,
            {u"2024-10-27T02:00:00Z"_s});
        berlin(
            "midnight there", u"@daily"_s, u"2024-07-01T12:00:00Z"_s, {u"2024-07-01T22:00:00Z"_s});
        berlin(
            "far ahead, by the rule",
            u"30 2 * 3 SUN"_s,
            u"2150-03-28T12:00:00Z"_s,
            {u"2150-03-29T01:00:00Z"_s});
        QTest::newRow("half an hour, southern")
            << u"15 2 * * *"_s << u"Australia/Lord_Howe"_s << u"2024-10-05T12:00:00Z"_s
            << QStringList{u"2024-10-05T15:30:00Z"_s, u"2024-10-06T15:15:00Z"_s};
        QTest::newRow("a day that never was")
            << u"0 9 * * *"_s << u"Pacific/Apia"_s << u"2011-12-29T12:00:00Z"_s
            << QStringList{
                   u"2011-12-29T19:00:00Z"_s, u"2011-12-30T10:00:00Z"_s, u"2011-12-30T19:00:00Z"_s};
        QTest::newRow("a midnight that never was")
            << u"@daily"_s << u"America/Santiago"_s << u"2024-09-07T12:00:00Z"_s
            << QStringList{u"2024-09-08T04:00:00Z"_s, u"2024-09-09T03:00:00Z"_s};
    }

    void nextByTable()
    {
        QFETCH(QString, cron);
        QFETCH(QString, zone);
        QFETCH(QString, after);
        QFETCH(QStringList, expected);
        const CronTimes times = CronTimes::parse(cron).value();
        const QTimeZone there(zone.toLatin1());
        QStringList found;
        std::optional<Timestamp> at = timeOf(after);
        while (at && found.size() < expected.size()) {
            at = times.next(*at, there);
            found.append(textOf(at));
        }
        QCOMPARE(found, expected);
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<QString>("cron");
        QTest::addColumn<QString>("named");
        const auto row = [](const QString &cron, const QString &named) {
            QTest::newRow(qPrintable(cron.left(40))) << cron << named;
        };
        row(QString(), u"five fields"_s);
        row(u"* * * *"_s, u"five fields"_s);
        row(u"* * * * * *"_s, u"five fields"_s);
        row(u"@reboot"_s, u"@hourly"_s);
        row(u"every day at noon please"_s, u"the minute"_s);
        row(u"60 * * * *"_s, u"the minute"_s);
        row(u"-1 * * * *"_s, u"the minute"_s);
        row(u"+1 * * * *"_s, u"the minute"_s);
        row(u"1.5 * * * *"_s, u"the minute"_s);
        row(u"٣ * * * *"_s, u"the minute"_s);
        row(u"99999999999999999999 * * * *"_s, u"the minute"_s);
        row(u"*/0 * * * *"_s, u"the minute"_s);
        row(u"*/90 * * * *"_s, u"the minute"_s);
        row(u"*/ * * * *"_s, u"the minute"_s);
        row(u"5/10 * * * *"_s, u"the minute"_s);
        row(u"1-9/2/3 * * * *"_s, u"the minute"_s);
        row(u"1,,2 * * * *"_s, u"the minute"_s);
        row(u"1, * * * *"_s, u"the minute"_s);
        row(u"** * * * *"_s, u"the minute"_s);
        row(u"*-5 * * * *"_s, u"the minute"_s);
        row(u"0 24 * * *"_s, u"the hour"_s);
        row(u"0 5-1 * * *"_s, u"goes backwards"_s);
        row(u"0 1- * * *"_s, u"the hour"_s);
        row(u"0 1-2-3 * * *"_s, u"the hour"_s);
        row(u"0 0 0 * *"_s, u"the day"_s);
        row(u"0 0 32 * *"_s, u"the day"_s);
        row(u"0 0 MON * *"_s, u"the day"_s);
        row(u"0 0 1 0 *"_s, u"the month"_s);
        row(u"0 0 1 13 *"_s, u"the month"_s);
        row(u"0 0 1 Febr *"_s, u"the month"_s);
        row(u"0 0 * * 8"_s, u"the weekday"_s);
        row(u"0 0 * * JAN"_s, u"the weekday"_s);
        row(u"0 0 31 2 *"_s, u"never comes"_s);
        row(u"0 0 30,31 FEB *"_s, u"never comes"_s);
        row(u"0 0 31 4,6,9,11 *"_s, u"never comes"_s);
        row(u"* * * * *"_s + QString(300, u' '), u"longer than"_s);
    }

    void nonsenseIsRefused()
    {
        QFETCH(QString, cron);
        QFETCH(QString, named);
        const auto refused = CronTimes::parse(cron);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::InvalidArgument);
        QVERIFY2(refused.error().detail.contains(named), qPrintable(refused.error().detail));
    }

    void newestByTable_data()
    {
        QTest::addColumn<QString>("cron");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("until");
        QTest::addColumn<QString>("expected");
        QTest::newRow("none") << u"@daily"_s << u"2024-05-01T00:00:00Z"_s
                              << u"2024-05-01T23:59:59Z"_s << u"never"_s;
        QTest::newRow("at the end") << u"@daily"_s << u"2024-05-01T00:00:00Z"_s
                                    << u"2024-05-02T00:00:00Z"_s << u"2024-05-02T00:00:00Z"_s;
        QTest::newRow("of many") << u"* * * * *"_s << u"2014-05-01T00:00:00Z"_s
                                 << u"2024-05-02T00:00:30Z"_s << u"2024-05-02T00:00:00Z"_s;
        QTest::newRow("long ago") << u"* * 29 2 *"_s << u"2023-05-01T00:00:00Z"_s
                                  << u"2027-05-02T00:00:30Z"_s << u"2024-02-29T23:59:00Z"_s;
        QTest::newRow("backwards") << u"* * * * *"_s << u"2024-05-01T00:00:00Z"_s
                                   << u"2024-04-01T00:00:00Z"_s << u"never"_s;
    }

    void newestByTable()
    {
        QFETCH(QString, cron);
        QFETCH(QString, after);
        QFETCH(QString, until);
        const auto newest =
            CronTimes::parse(cron)->newest(timeOf(after), timeOf(until), QTimeZone("UTC"));
        QTEST(textOf(newest), "expected");
    }

    /// Over two years, in zones whose clocks change in ways of their own, the times are what
    /// walking from minute to minute finds.
    void agreesWithAWalkFromMinuteToMinute_data()
    {
        QTest::addColumn<QByteArray>("zone");
        for (const char *zone :
             {"Europe/Berlin",
              "America/New_York",
              "Australia/Sydney",
              "Asia/Kolkata",
              "Africa/Casablanca"})
            QTest::newRow(zone) << QByteArray(zone);
    }

    void agreesWithAWalkFromMinuteToMinute()
    {
        QFETCH(QByteArray, zone);
        const QTimeZone there(zone);
        const CronTimes times = CronTimes::parse(u"20,40 * * * *"_s).value();
        Timestamp at = timeOf(u"2023-01-01T00:00:00Z"_s);
        const Timestamp end = at + std::chrono::days(730);
        QDateTime shown(QDate(2000, 1, 1), QTime(), Qt::UTC); // the latest that the wall clock did
        Timestamp expected = at;
        int found = 0;
        for (Timestamp minute = at + 1min; minute < end; minute += 1min) {
            const qint64 utc = toMilliseconds(minute);
            const int offset = there.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(utc, Qt::UTC));
            const QDateTime wall = QDateTime::fromMSecsSinceEpoch(utc + offset * 1000LL, Qt::UTC);
            if (wall <= shown)
                continue; // it shows again what it showed before
            const bool skips = found > 0 && shown.secsTo(wall) > 60;
            shown = wall;
            if (wall.time().minute() % 60 != 20 && wall.time().minute() != 40 && !skips)
                continue;
            const auto next = times.next(expected, there);
            QVERIFY(next);
            if (*next != minute)
                QCOMPARE(textOf(next), textOf(minute));
            expected = minute;
            ++found;
        }
        QVERIFY(found > 2 * 24 * 729);
    }

    void farTimesAreFoundWithoutWalkingThere()
    {
        QElapsedTimer timer;
        timer.start();
        const CronTimes rare = CronTimes::parse(u"0 0 29 2 */7"_s).value(); // a Sunday, too
        QCOMPARE(
            textOf(rare.next(timeOf(u"2089-01-01T00:00:00Z"_s), QTimeZone("Europe/Berlin"))),
            u"2128-02-28T23:00:00Z"_s);
        const CronTimes often = CronTimes::parse(u"* * * * *"_s).value();
        for (int i = 0; i < 100; ++i) {
            QVERIFY(often.newest(
                timeOf(u"1975-01-01T00:00:00Z"_s),
                timeOf(u"2095-01-01T00:00:00Z"_s),
                QTimeZone("Europe/Berlin")));
        }
        QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(CronTimesTest)
#include "tst_crontimes.moc"
