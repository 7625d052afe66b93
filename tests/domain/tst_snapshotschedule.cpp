#include "services/domain/labelselector.h"
#include "services/domain/provenance.h"
#include "services/domain/snapshotschedule.h"

#include <QDateTime>
#include <QJsonObject>
#include <QTest>

#include <limits>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

Timestamp timeOf(const QString &text)
{
    return fromMilliseconds(QDateTime::fromString(text, Qt::ISODate).toMSecsSinceEpoch());
}

/// Every day at half past two in Berlin.
SnapshotSchedule nightly()
{
    SnapshotSchedule schedule;
    schedule.id = ScheduleId::trusted(u"sched-1"_s);
    schedule.namespaceName = NamespaceName::trusted(u"team"_s);
    schedule.name = ScheduleName::trusted(u"nightly"_s);
    schedule.sandbox = SandboxId::trusted(u"sb-1"_s);
    schedule.cron = u"30 2 * * *"_s;
    schedule.timeZone = u"Europe/Berlin"_s;
    schedule.tagPattern = u"{sandbox}-{date}-{time}"_s;
    return schedule;
}

Sandbox webServer()
{
    Sandbox sandbox;
    sandbox.id = SandboxId::trusted(u"sb-1"_s);
    sandbox.namespaceName = NamespaceName::trusted(u"team"_s);
    sandbox.displayName = u"web"_s;
    sandbox.config.container = {
        {u"Labels"_s, QJsonObject{{u"tier"_s, u"front"_s}, {u"keep"_s, u""_s}}}};
    return sandbox;
}

using Edit = void (*)(SnapshotSchedule &);

} // namespace

Q_DECLARE_METATYPE(Edit)

class SnapshotScheduleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void validByTable_data()
    {
        QTest::addColumn<Edit>("change");
        QTest::addColumn<QString>("wrong"); // a word of the refusal; empty: it is valid
        const auto row = [](const char *name, Edit change, const QString &wrong) {
            QTest::newRow(name) << change << wrong;
        };
        using S = SnapshotSchedule;
        row("as it is", [](S &) {}, {});
        row(
            "a name like an id",
            [](S &s) { s.name = ScheduleName::trusted(u"sched-a"_s); },
            u"name"_s);
        row(
            "of no sandbox", [](S &s) { s.sandbox = {}; }, u"sandbox"_s);
        row(
            "of both", [](S &s) { s.selector = u"a=b"_s; }, u"sandbox"_s);
        row("by labels",
            [](S &s) {
                s.sandbox = {};
                s.selector = u"a=b"_s;
            },
            {});
        row(
            "by bad labels",
            [](S &s) {
                s.sandbox = {};
                s.selector = u"a, b"_s;
            },
            u"selector"_s);
        row(
            "nonsense for times", [](S &s) { s.cron = u"at noon"_s; }, u"five fields"_s);
        row(
            "times that never come", [](S &s) { s.cron = u"0 0 31 2 *"_s; }, u"never"_s);
        row(
            "no zone", [](S &s) { s.timeZone.clear(); }, u"zone"_s);
        row(
            "an unknown zone", [](S &s) { s.timeZone = u"Europe/Atlantis"_s; }, u"zone"_s);
        row(
            "a path for a zone", [](S &s) { s.timeZone = u"../../etc/passwd"_s; }, u"zone"_s);
        row(
            "an offset for a zone", [](S &s) { s.timeZone = u"UTC+02:00"_s; }, u"zone"_s);
        row(
            "a zone in other letters", [](S &s) { s.timeZone = u"Europe/Berlín"_s; }, u"zone"_s);
        row("UTC", [](S &s) { s.timeZone = u"UTC"_s; }, {});
        row("a TTL of 0", [](S &s) { s.ttlSeconds = 0; }, {});
        row(
            "a negative TTL", [](S &s) { s.ttlSeconds = -1; }, u"TTL"_s);
        row(
            "a TTL beyond the calendar",
            [](S &s) { s.ttlSeconds = std::numeric_limits<qint64>::max(); },
            u"TTL"_s);
        row("no tag", [](S &s) { s.tagPattern.clear(); }, {});
        row(
            "an unknown placeholder", [](S &s) { s.tagPattern = u"a-{day}"_s; }, u"{day}"_s);
        row(
            "an open placeholder", [](S &s) { s.tagPattern = u"a-{date"_s; }, u"{date"_s);
        row(
            "a tag with spaces", [](S &s) { s.tagPattern = u"a {date}"_s; }, u"tag"_s);
        row(
            "a tag with a colon", [](S &s) { s.tagPattern = u"a:{time}"_s; }, u"tag"_s);
        row(
            "a tag that begins with a dot", [](S &s) { s.tagPattern = u".{time}"_s; }, u"tag"_s);
        row(
            "a long pattern", [](S &s) { s.tagPattern = QString(129, u'a'); }, u"pattern"_s);
        row(
            "a pattern that makes long tags",
            [](S &s) { s.tagPattern = u"{sandbox}{sandbox}{sandbox}"_s; },
            u"tag"_s);
        row(
            "a tag of our own", [](S &s) { s.tagPattern = u"sb-1-snap-1"_s; }, u"by themselves"_s);
    }

    void validByTable()
    {
        QFETCH(Edit, change);
        QFETCH(QString, wrong);
        SnapshotSchedule schedule = nightly();
        change(schedule);
        const Done valid = validateSchedule(schedule, timeOf(u"2024-05-01T00:00:00Z"_s));
        QCOMPARE(valid.has_value(), wrong.isEmpty());
        if (!valid) {
            QCOMPARE(valid.error().kind, ErrorKind::InvalidArgument);
            QVERIFY2(valid.error().detail.contains(wrong), qPrintable(valid.error().detail));
        }
    }

    void dueByTable_data()
    {
        QTest::addColumn<QString>("next"); // as it is written down
        QTest::addColumn<QString>("now");
        QTest::addColumn<QString>("due"); // empty: nothing is
        QTest::addColumn<QString>("then"); // when the next one is
        const auto row = [](const char *name,
                            const QString &next,
                            const QString &now,
                            const QString &due,
                            const QString &then) {
            QTest::newRow(name) << next << now << due << then;
        };
        const QString first = u"2024-03-29T01:30:00Z"_s;
        row("too early", first, u"2024-03-29T01:29:59Z"_s, {}, {});
        row("at its time", first, first, first, u"2024-03-30T01:30:00Z"_s);
        row("some time later", first, u"2024-03-29T20:00:00Z"_s, first, u"2024-03-30T01:30:00Z"_s);
        row("one of three that were missed",
            first,
            u"2024-03-31T22:00:00Z"_s,
            u"2024-03-31T01:00:00Z"_s,
            u"2024-04-01T00:30:00Z"_s);
        row("one of those of years",
            first,
            u"2027-01-01T12:00:00Z"_s,
            u"2027-01-01T01:30:00Z"_s,
            u"2027-01-02T01:30:00Z"_s);
        row("in the second hour of two",
            u"2024-10-27T00:30:00Z"_s,
            u"2024-10-27T01:45:00Z"_s,
            u"2024-10-27T00:30:00Z"_s,
            u"2024-10-28T01:30:00Z"_s);
        row("the clock stepped back", first, u"2020-01-01T00:00:00Z"_s, {}, {});
        row("not planned", {}, u"2024-03-31T22:00:00Z"_s, {}, {});
    }

    void dueByTable()
    {
        QFETCH(QString, next);
        QFETCH(QString, now);
        QFETCH(QString, due);
        QFETCH(QString, then);
        SnapshotSchedule schedule = nightly();
        if (!next.isEmpty())
            schedule.nextRunAt = timeOf(next);
        std::optional<ScheduledRun> expected;
        if (!due.isEmpty())
            expected = ScheduledRun{timeOf(due), timeOf(then)};
        QVERIFY(dueRun(schedule, timeOf(now)).value() == expected);
    }

    /// However the clock goes, each time is due once at most, and never an older one after a newer.
    void aClockThatStepsBackMakesNoneTwice()
    {
        SnapshotSchedule schedule = nightly();
        schedule.cron = u"*/5 * * * *"_s;
        Timestamp now = timeOf(u"2024-03-31T00:00:00Z"_s);
        schedule.nextRunAt = nextRun(schedule, now).value();
        std::optional<Timestamp> last;
        int runs = 0;
        const std::array steps{3min, 7min, -40min, 2min, 60min, -60min, 61min, 1min, 300min, -5min};
        for (int i = 0; i < 500; ++i) {
            now += steps.at(i % steps.size());
            const auto due = dueRun(schedule, now).value();
            if (!due)
                continue;
            QVERIFY(due->at <= now);
            QVERIFY(!last || *last < due->at);
            QVERIFY(*due->nextRunAt > now);
            last = due->at;
            schedule.nextRunAt = due->nextRunAt;
            schedule.lastRunAt = now;
            // Nor is it planned anew for what is over, by whoever changes it.
            QVERIFY(*nextRun(schedule, now - 1h).value() > now);
            ++runs;
        }
        QVERIFY(runs > 100);
    }

    void anUnfinishedRunIsBegunAgainForTheSameTime()
    {
        const Timestamp began = timeOf(u"2024-05-01T00:30:05Z"_s);
        SnapshotSchedule schedule = nightly();
        schedule.lastRunAt = began;
        schedule.takingAt = timeOf(u"2024-05-01T00:30:00Z"_s);
        schedule.nextRunAt = timeOf(u"2024-05-02T00:30:00Z"_s);
        QVERIFY(!dueRun(schedule, began + unfinishedRunAfter - 1ms).value());
        const ScheduledRun again{*schedule.takingAt, schedule.nextRunAt};
        QVERIFY(dueRun(schedule, began + unfinishedRunAfter).value() == again);
        QVERIFY(dueRun(schedule, *schedule.nextRunAt).value()->at == *schedule.nextRunAt);
        QVERIFY(!dueRun(schedule, began - 24h).value());
    }

    void aPausedOneIsNotPlanned()
    {
        SnapshotSchedule schedule = nightly();
        const Timestamp now = timeOf(u"2024-05-01T00:00:00Z"_s);
        QVERIFY(nextRun(schedule, now).value() == timeOf(u"2024-05-01T00:30:00Z"_s));
        schedule.paused = true;
        QVERIFY(!nextRun(schedule, now).value());
        schedule.timeZone = u"Europe/Atlantis"_s;
        QCOMPARE(nextRun(schedule, now).error().kind, ErrorKind::InvalidArgument);
    }

    void tagsByTable_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("due");
        QTest::addColumn<QString>("tag");
        const QString summer = u"2024-06-30T22:05:00Z"_s; // the day after in Berlin
        QTest::newRow("none") << QString() << u"web"_s << summer << QString();
        QTest::newRow("all") << u"{sandbox}-{date}-{time}"_s << u"web"_s << summer
                             << u"web-2024-07-01-0005"_s;
        QTest::newRow("twice") << u"{date}_{date}"_s << u"web"_s << summer
                               << u"2024-07-01_2024-07-01"_s;
        QTest::newRow("a skipped hour")
            << u"{time}"_s << u"web"_s << u"2024-03-31T01:00:00Z"_s << u"0300"_s;
        QTest::newRow("no name") << u"{sandbox}"_s << QString() << summer << u"sb-1"_s;
        QTest::newRow("a name of people")
            << u"{sandbox}"_s << u"Ann's  box: 2"_s << summer << u"Ann-s-box-2"_s;
        QTest::newRow("a name that begins badly")
            << u"{sandbox}"_s << u"..-x"_s << summer << u"x"_s;
        QTest::newRow("a name of other letters")
            << u"{sandbox}"_s << u"データ"_s << summer << u"sb-1"_s;
        QTest::newRow("a name like a placeholder")
            << u"{sandbox}"_s << u"{date}"_s << summer << u"date-"_s;
        QTest::newRow("a long name")
            << u"{sandbox}"_s << QString(128, u'n') << summer << QString(60, u'n');
    }

    void tagsByTable()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, name);
        QFETCH(QString, due);
        SnapshotSchedule schedule = nightly();
        schedule.tagPattern = pattern;
        Sandbox sandbox = webServer();
        sandbox.displayName = name;
        QTEST(tagOf(schedule, sandbox, timeOf(due)), "tag");
    }

    void selectorsByTable_data()
    {
        QTest::addColumn<QString>("selector");
        QTest::addColumn<bool>("valid");
        QTest::addColumn<bool>("selected");
        const auto row = [](const QString &selector, bool valid, bool selected) {
            QTest::newRow(qPrintable(selector.left(40))) << selector << valid << selected;
        };
        row(u"tier=front"_s, true, true);
        row(u"tier=front,keep"_s, true, true);
        row(u"keep="_s, true, true);
        row(u"tier"_s, true, true);
        row(u"tier=fro"_s, true, false);
        row(u"tier=front,other"_s, true, false);
        row(u"Tier=front"_s, true, false);
        row(u"tier=a=b"_s, true, false);
        row(QString(), false, false);
        row(u"tier=front,"_s, false, false);
        row(u"=front"_s, false, false);
        row(u"tier=front, keep"_s, false, false);
        row(u"tier=front,tier=back"_s, false, false);
        row(u"io.sandglass.namespace=team"_s, false, false);
        row(QString(1025, u'a'), false, false);
    }

    void selectorsByTable()
    {
        QFETCH(QString, selector);
        QFETCH(bool, valid);
        QFETCH(bool, selected);
        const auto parsed = LabelSelector::parse(selector);
        QCOMPARE(parsed.has_value(), valid);
        SnapshotSchedule schedule = nightly();
        schedule.sandbox = {};
        schedule.selector = selector;
        QCOMPARE(selects(schedule, webServer()), selected);
    }

    void onlySandboxesOfTheNamespaceAreSelected()
    {
        Sandbox sandbox = webServer();
        QVERIFY(selects(nightly(), sandbox));
        sandbox.namespaceName = NamespaceName::trusted(u"other"_s);
        QVERIFY(!selects(nightly(), sandbox));
        sandbox = webServer();
        sandbox.id = SandboxId::trusted(u"sb-2"_s);
        QVERIFY(!selects(nightly(), sandbox));
    }

    /// So that a database that is made anew from the engines still knows it.
    void imagesSayWhichScheduleTookThem()
    {
        Snapshot snapshot;
        snapshot.id = SnapshotId::trusted(u"snap-1"_s);
        snapshot.sandbox = webServer().id;
        snapshot.namespaceName = webServer().namespaceName;
        snapshot.config.image = u"base:1"_s;
        snapshot.schedule = nightly().id;
        const Labels labels = imageLabels(snapshot, webServer(), {});
        QCOMPARE(snapshotFrom(labels)->snapshot.schedule, nightly().id);
        snapshot.schedule = {};
        QVERIFY(snapshotFrom(imageLabels(snapshot, webServer(), {}))->snapshot.schedule.isEmpty());
    }
};

QTEST_GUILESS_MAIN(SnapshotScheduleTest)
#include "tst_snapshotschedule.moc"
