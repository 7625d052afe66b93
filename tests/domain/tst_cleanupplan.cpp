#include "services/domain/calendarperiods.h"
#include "services/domain/cleanupplan.h"

#include <QDateTime>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <limits>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const NamespaceName space = NamespaceName::trusted(u"team"_s);
const Timestamp start = fromMilliseconds(1'700'000'000'000);
const QTimeZone berlin("Europe/Berlin");

CleanupCandidate candidate(const QString &name, Timestamp createdAt, qint64 ttlSeconds)
{
    CleanupCandidate made;
    made.snapshot = SnapshotId::trusted(u"snap-"_s + name);
    made.sandbox = SandboxId::trusted(u"sb-1"_s);
    made.namespaceName = space;
    made.createdAt = createdAt;
    made.ttlSeconds = ttlSeconds;
    made.ownBytes = 10;
    return made;
}

CleanupState stateOf(const QList<CleanupCandidate> &candidates, const RetentionRules &rules = {})
{
    return {candidates, {{space, rules}}, {}};
}

CleanupRule ruleFor(const CleanupCandidate &one, Timestamp now, const RetentionRules &rules = {})
{
    return planCleanup(stateOf({one}, rules), now, QTimeZone::utc()).first().rule;
}

Timestamp local(const QString &text, const QTimeZone &zone = berlin)
{
    QDateTime time = QDateTime::fromString(text, Qt::ISODate);
    time.setTimeZone(zone);
    return fromMilliseconds(time.toMSecsSinceEpoch());
}

QHash<SnapshotId, CleanupEntry> byId(const QList<CleanupEntry> &entries)
{
    QHash<SnapshotId, CleanupEntry> found;
    for (const CleanupEntry &entry : entries)
        found.insert(entry.snapshot, entry);
    return found;
}

/// Names of those that the rules keep although they have expired, in the order of their age.
QStringList kept(const QList<CleanupCandidate> &candidates, const RetentionRules &rules)
{
    const auto entries = planCleanup(stateOf(candidates, rules), start + 24h * 20'000, berlin);
    QStringList names;
    for (const CleanupEntry &entry : entries) {
        if (!entry.deletes())
            names.append(entry.snapshot.text().mid(5));
    }
    return names;
}

/// What goes by the definition: a layer goes if its snapshot is deleted and nothing is built on it
/// that stays, however far above.
qint64 bytesByDefinition(const CleanupState &state, const QHash<SnapshotId, CleanupEntry> &entries)
{
    const auto stays = [&](const auto &self, const CleanupCandidate &one) -> bool {
        if (!entries[one.snapshot].deletes() || one.inUse || state.alsoUsed.contains(one.snapshot))
            return true;
        return std::any_of(
            state.candidates.begin(), state.candidates.end(), [&](const CleanupCandidate &above) {
                return above.parent == one.snapshot && self(self, above);
            });
    };
    qint64 bytes = 0;
    for (const CleanupCandidate &one : state.candidates)
        bytes += stays(stays, one) ? 0 : *one.ownBytes * one.engines;
    return bytes;
}

CleanupState randomState(QRandomGenerator &random)
{
    CleanupState state;
    RetentionRules rules;
    const auto some = [&random] { return random.bounded(2) ? random.bounded(1, 4) : 0; };
    rules.keepLast = some();
    rules.keepHourly = some();
    rules.keepDaily = some();
    rules.keepWeekly = some();
    rules.keepMonthly = some();
    rules.keepInUse = random.bounded(2);
    rules.slidingTtl = random.bounded(2);
    state.rules.insert(space, rules);
    const int count = random.bounded(0, 30);
    for (int i = 0; i < count; ++i) {
        CleanupCandidate one = candidate(
            QString::number(i),
            start - std::chrono::seconds(random.bounded(6'000'000)),
            random.bounded(4) ? random.bounded(1, 4'000'000) : 0);
        one.sandbox = SandboxId::trusted(u"sb-%1"_s.arg(random.bounded(3)));
        one.ownBytes = random.bounded(1'000);
        one.engines = random.bounded(1, 3);
        one.inUse = random.bounded(5) == 0;
        if (random.bounded(3) == 0)
            one.usedAt = one.createdAt + std::chrono::seconds(random.bounded(1'000'000));
        if (random.bounded(5) == 0)
            one.pin = SnapshotPin{u"wanted"_s, u"ann"_s, start + 1h * random.bounded(-5, 5)};
        if (i > 0 && random.bounded(2))
            one.parent = state.candidates[random.bounded(i)].snapshot;
        if (random.bounded(8) == 0)
            state.alsoUsed.insert(one.snapshot);
        state.candidates.append(one);
    }
    return state;
}

} // namespace

class CleanupPlanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void boundariesByTable_data()
    {
        QTest::addColumn<qint64>("ttl");
        QTest::addColumn<qint64>("age"); // milliseconds
        QTest::addColumn<bool>("isDeleted");
        const qint64 most = std::numeric_limits<qint64>::max();
        QTest::newRow("a second before") << qint64(60) << qint64(59'000) << false;
        QTest::newRow("a millisecond before") << qint64(60) << qint64(59'999) << false;
        QTest::newRow("at the TTL") << qint64(60) << qint64(60'000) << true;
        QTest::newRow("a second after") << qint64(60) << qint64(61'000) << true;
        QTest::newRow("never") << qint64(0) << qint64(1) << false;
        QTest::newRow("never, old") << qint64(0) << qint64(1'000'000'000'000) << false;
        QTest::newRow("negative") << qint64(-1) << qint64(1'000'000) << false;
        QTest::newRow("the largest") << most << qint64(1'000'000'000'000) << false;
        QTest::newRow("clock stepped back") << qint64(1) << qint64(-5'000) << false;
        QTest::newRow("clock stepped far back") << qint64(1) << qint64(-1'600'000'000'000) << false;
    }

    void boundariesByTable()
    {
        QFETCH(const qint64, ttl);
        QFETCH(const qint64, age);
        QFETCH(const bool, isDeleted);
        const Timestamp now = start + std::chrono::milliseconds(age);
        QCOMPARE(deletes(ruleFor(candidate(u"a"_s, start, ttl), now)), isDeleted);
    }

    void extremesAreSafe()
    {
        const qint64 most = std::numeric_limits<qint64>::max();
        const qint64 least = std::numeric_limits<qint64>::min();
        RetentionRules all{1, 1, 1, 1, 1, true, true};
        for (const qint64 created : {least, qint64(0), most}) {
            for (const qint64 now : {least, qint64(0), most}) {
                for (const qint64 ttl : {least, qint64(0), qint64(1), most}) {
                    CleanupCandidate one = candidate(u"a"_s, fromMilliseconds(created), ttl);
                    one.ownBytes = most;
                    one.engines = 3;
                    const auto entries =
                        planCleanup(stateOf({one}, all), fromMilliseconds(now), berlin);
                    QCOMPARE(entries.size(), 1);
                    QVERIFY(entries.first().bytes.value_or(0) >= 0);
                }
            }
        }
    }

    void leapDaysCount()
    {
        const Timestamp created = local(u"2028-02-28T12:00:00"_s, QTimeZone::utc());
        const CleanupCandidate one = candidate(u"a"_s, created, 2 * 86'400);
        QCOMPARE(
            ruleFor(one, local(u"2028-03-01T11:59:59"_s, QTimeZone::utc())),
            CleanupRule::NotExpired);
        QCOMPARE(
            ruleFor(one, local(u"2028-03-01T12:00:00"_s, QTimeZone::utc())), CleanupRule::Expired);
    }

    void pinsAndUse()
    {
        CleanupCandidate one = candidate(u"a"_s, start, 60);
        one.pin = SnapshotPin{u"before the release"_s, u"ann (sandglass)"_s, start + 2min};
        QCOMPARE(ruleFor(one, start + 1min), CleanupRule::Pinned);
        QCOMPARE(ruleFor(one, start + 2min), CleanupRule::Expired);
        one.pin->until.reset();
        QCOMPARE(ruleFor(one, start + 24h * 9'999), CleanupRule::Pinned);
        one.pin.reset();
        one.inUse = true;
        RetentionRules rules;
        QCOMPARE(ruleFor(one, start + 1min, rules), CleanupRule::Expired);
        rules.keepInUse = true;
        QCOMPARE(ruleFor(one, start + 1min, rules), CleanupRule::InUse);
    }

    void slidingTtlCountsFromTheLastUse()
    {
        CleanupCandidate one = candidate(u"a"_s, start, 60);
        one.usedAt = start + 30s;
        RetentionRules rules;
        QCOMPARE(ruleFor(one, start + 60s, rules), CleanupRule::Expired);
        rules.slidingTtl = true;
        QCOMPARE(ruleFor(one, start + 89s, rules), CleanupRule::NotExpired);
        QCOMPARE(ruleFor(one, start + 90s, rules), CleanupRule::Expired);
        one.usedAt = start - 30s; // by a clock that was wrong
        QCOMPARE(ruleFor(one, start + 59s, rules), CleanupRule::NotExpired);
    }

    void keepLastIsPerSandbox()
    {
        CleanupCandidate other = candidate(u"other"_s, start, 60);
        other.sandbox = SandboxId::trusted(u"sb-2"_s);
        const QList<CleanupCandidate> candidates{
            candidate(u"old"_s, start, 60),
            candidate(u"newer"_s, start + 1min, 60),
            candidate(u"newest"_s, start + 2min, 60),
            other};
        QCOMPARE(
            kept(candidates, {.keepLast = 2}), (QStringList{u"other"_s, u"newer"_s, u"newest"_s}));
        QCOMPARE(kept(candidates, {}), QStringList());
    }

    void periodsByTable_data()
    {
        QTest::addColumn<QStringList>("times");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QStringList>("kept"); // by their places in `times`
        const QStringList spring{
            u"2026-03-28T23:30:00"_s, u"2026-03-29T01:30:00"_s, u"2026-03-29T03:30:00"_s};
        QTest::newRow("an hour that is skipped")
            << spring << u"hour"_s << QStringList{u"0"_s, u"1"_s, u"2"_s};
        QTest::newRow("the short day") << spring << u"day"_s << QStringList{u"0"_s, u"2"_s};
        QTest::newRow("the long day")
            << QStringList{u"2026-10-25T00:10:00"_s, u"2026-10-25T23:50:00"_s, u"2026-10-26T00:10:00"_s}
            << u"day"_s << QStringList{u"1"_s, u"2"_s};
        QTest::newRow("weeks begin on Monday")
            << QStringList{u"2026-11-22T23:59:59"_s, u"2026-11-23T00:00:00"_s, u"2026-11-29T23:59:59"_s}
            << u"week"_s << QStringList{u"0"_s, u"2"_s};
        QTest::newRow("the week of New Year is one")
            << QStringList{u"2026-12-31T10:00:00"_s, u"2027-01-01T10:00:00"_s} << u"week"_s
            << QStringList{u"1"_s};
        QTest::newRow("leap day")
            << QStringList{u"2028-02-29T00:00:00"_s, u"2028-02-29T23:59:59"_s, u"2028-03-01T00:00:00"_s}
            << u"month"_s << QStringList{u"1"_s, u"2"_s};
        QTest::newRow("midnight is local")
            << QStringList{u"2026-06-01T00:30:00"_s, u"2026-06-01T01:30:00"_s, u"2026-05-31T23:30:00"_s}
            << u"day"_s << QStringList{u"2"_s, u"1"_s};
    }

    void periodsByTable()
    {
        QFETCH(const QStringList, times);
        QFETCH(const QString, rule);
        QFETCH(const QStringList, kept);
        QList<CleanupCandidate> candidates;
        for (qsizetype i = 0; i < times.size(); ++i)
            candidates.append(candidate(QString::number(i), local(times[i]), 60));
        RetentionRules rules;
        if (rule == u"hour"_s)
            rules.keepHourly = 10;
        if (rule == u"day"_s)
            rules.keepDaily = 10;
        if (rule == u"week"_s)
            rules.keepWeekly = 10;
        if (rule == u"month"_s)
            rules.keepMonthly = 10;
        QCOMPARE(::kept(candidates, rules), kept);
    }

    void theRepeatedHourIsTwo()
    {
        CalendarPeriods periods(berlin);
        const Timestamp first = fromMilliseconds(
            QDateTime::fromString(u"2026-10-25T00:30:00Z"_s, Qt::ISODate).toMSecsSinceEpoch());
        QVERIFY(periods.hour(first) != periods.hour(first + 1h));
        QCOMPARE(periods.hour(first), periods.hour(first + 29min));
        QCOMPARE(periods.day(first), periods.day(first + 1h));
    }

    void onlyAsManyPeriodsAsAreKept()
    {
        QList<CleanupCandidate> candidates;
        for (int i = 0; i < 10; ++i)
            candidates.append(candidate(QString::number(i), start + 24h * (2 * i), 60));
        QCOMPARE(kept(candidates, {.keepDaily = 3}), (QStringList{u"7"_s, u"8"_s, u"9"_s}));
    }

    void layersGoOnlyWithAllAboveThem()
    {
        CleanupCandidate bottom = candidate(u"bottom"_s, start, 60);
        CleanupCandidate middle = candidate(u"middle"_s, start, 60);
        CleanupCandidate top = candidate(u"top"_s, start, 0);
        middle.parent = bottom.snapshot;
        top.parent = middle.snapshot;
        bottom.engines = 2;
        const auto bytes = [](const CleanupState &state) {
            qint64 sum = 0;
            for (const CleanupEntry &entry : planCleanup(state, start + 1h, berlin))
                sum += entry.bytes.value_or(0);
            return sum;
        };
        QCOMPARE(bytes(stateOf({bottom, middle, top})), 0);
        top.ttlSeconds = 60;
        QCOMPARE(bytes(stateOf({bottom, middle, top})), 40);
        CleanupState used = stateOf({bottom, middle, top});
        used.alsoUsed.insert(middle.snapshot);
        QCOMPARE(bytes(used), 10);
        bottom.parent = top.snapshot; // nonsense in the store does not hang it
        QCOMPARE(bytes(stateOf({bottom, middle, top})), 40);
        bottom.ownBytes.reset();
        const auto entries = byId(planCleanup(stateOf({bottom}), start + 1h, berlin));
        QVERIFY(!entries[bottom.snapshot].bytes);
    }

    void deepLineagesAreNoProblem()
    {
        QList<CleanupCandidate> candidates;
        for (int i = 0; i < 100'000; ++i) {
            candidates.append(candidate(QString::number(i), start, i == 99'999 ? 0 : 60));
            if (i > 0)
                candidates[i].parent = candidates[i - 1].snapshot;
        }
        for (const CleanupEntry &entry : planCleanup(stateOf(candidates), start + 1h, berlin))
            QCOMPARE(entry.bytes, 0);
    }

    void reasonsSayWhichRuleAndWhen()
    {
        const auto reason = [](const CleanupCandidate &one, const RetentionRules &rules) {
            return planCleanup(stateOf({one}, rules), start + 24h * 15, berlin).first().reason;
        };
        CleanupCandidate one = candidate(u"a"_s, start, 86'400 * 14);
        QCOMPARE(
            reason(one, {}),
            u"expired 2023-11-28 22:13:20 UTC: its time to live of 14 days since it was created "
            "2023-11-14 22:13:20 UTC is over"_s);
        one.usedAt = start + 1h;
        QVERIFY(reason(one, {.slidingTtl = true}).contains(u"last used 2023-11-14 23:13:20 UTC"_s));
        QCOMPARE(reason(one, {.keepLast = 3}), u"one of the newest 3 of sandbox sb-1"_s);
        QCOMPARE(
            reason(one, {.keepDaily = 7}),
            u"the newest of its day, for the last 7 days that have one"_s);
        one.pin = SnapshotPin{u"before the release"_s, u"ann (sandglass)"_s, start + 24h * 20};
        QCOMPARE(
            reason(one, {.keepLast = 3}),
            u"pinned by ann (sandglass) until 2023-12-04 22:13:20 UTC: before the release"_s);
    }

    void questions()
    {
        const CleanupBounds bounds;
        QVERIFY(questionBefore(0, 0, bounds).isEmpty());
        QVERIFY(questionBefore(1, 1, bounds).isEmpty());
        QVERIFY(questionBefore(9, 9, bounds).isEmpty());
        QVERIFY(questionBefore(10, 50, bounds).isEmpty());
        QVERIFY(!questionBefore(10, 49, bounds).isEmpty());
        QVERIFY(questionBefore(50, 1'000, bounds).isEmpty());
        QVERIFY(!questionBefore(51, 1'000'000, bounds).isEmpty());
    }

    void propertiesOfRandomPlans()
    {
        QRandomGenerator random(42);
        for (int round = 0; round < 5'000; ++round) {
            const CleanupState state = randomState(random);
            const RetentionRules rules = state.rules[space];
            const QList<CleanupEntry> entries = planCleanup(state, start, berlin);
            const auto found = byId(entries);
            QCOMPARE(found.size(), state.candidates.size());
            qint64 bytes = 0;
            bool hasKept = false;
            for (const CleanupEntry &entry : entries) {
                bytes += *entry.bytes;
                QVERIFY(!(hasKept && entry.deletes())); // those that go come first
                hasKept = hasKept || !entry.deletes();
            }
            QCOMPARE(bytes, bytesByDefinition(state, found));
            for (const CleanupCandidate &one : state.candidates) {
                const CleanupEntry &entry = found[one.snapshot];
                if (!entry.deletes())
                    continue;
                QVERIFY(one.ttlSeconds > 0);
                const Timestamp from = rules.slidingTtl && one.usedAt ? *one.usedAt : one.createdAt;
                QVERIFY(start - from >= std::chrono::seconds(one.ttlSeconds));
                QVERIFY(!one.pin || !one.pin->holds(start));
                QVERIFY(!(rules.keepInUse && one.inUse));
                const auto newer = std::count_if(
                    state.candidates.begin(), state.candidates.end(), [&](const auto &other) {
                        return other.sandbox == one.sandbox && other.createdAt >= one.createdAt
                            && other.snapshot != one.snapshot;
                    });
                QVERIFY(newer >= rules.keepLast);
            }
            CleanupState shuffled = state;
            std::shuffle(shuffled.candidates.begin(), shuffled.candidates.end(), random);
            QCOMPARE(planCleanup(shuffled, start, berlin), entries);
        }
    }
};

QTEST_GUILESS_MAIN(CleanupPlanTest)
#include "tst_cleanupplan.moc"
