#include "services/metrics/exposition.h"

#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

Measurements someMeasurements()
{
    SnapshotCounts counts;
    counts.byStatus[SnapshotStatus::Active] = 3;
    counts.byStatus[SnapshotStatus::Failed] = 0;
    counts.expired = 1;
    counts.expiringWithinDay = 1;
    counts.expiringWithinWeek = 2;
    counts.expiringWithinMonth = 2;
    counts.bytes = 3'000'000'000'000;
    counts.uniqueBytes = 1'000'000;
    counts.oldestAt = fromMilliseconds(1'700'000'000'500);

    CleanupRun run;
    run.startedAt = fromMilliseconds(1'700'000'100'000);
    run.finishedAt = fromMilliseconds(1'700'000'101'500);
    run.deleted = 4;
    run.skipped = 2;
    run.failed = 1;
    run.bytes = 512;

    Engine there;
    there.name = EngineName::trusted(u"local"_s);
    there.state = EngineState::Connected;
    there.lastSeenAt = fromMilliseconds(1'700'000'200'000);
    Engine away;
    away.name = EngineName::trusted(u"remote"_s);
    away.state = EngineState::Unreachable;

    Measurements measurements;
    measurements.snapshots.namespaces = {{NamespaceName::trusted(u"team"_s), counts}};
    measurements.cleanup.intervalSeconds = 3600;
    measurements.cleanup.nextAt = fromMilliseconds(1'700'003'600'000);
    measurements.cleanup.question = u"it would delete 51 snapshots"_s;
    measurements.lastCleanup = run;
    measurements.engines = {there, away};
    measurements.unfinished[{OperationKind::PushSnapshot, OperationState::Waiting}] = 2;
    return measurements;
}

QByteArrayList linesOf(const QByteArray &text)
{
    return text.split('\n');
}

} // namespace

class ExpositionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesByTable_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {
                 "sandglass_build_info{version=\"" SANDGLASS_VERSION "\"} 1",
                 "sandglass_snapshots{namespace=\"team\",status=\"active\"} 3",
                 "sandglass_snapshots{namespace=\"team\",status=\"failed\"} 0",
                 "sandglass_snapshots_expired{namespace=\"team\"} 1",
                 "sandglass_snapshots_expiring{namespace=\"team\",within=\"1d\"} 1",
                 "sandglass_snapshots_expiring{namespace=\"team\",within=\"7d\"} 2",
                 "sandglass_snapshots_expiring{namespace=\"team\",within=\"30d\"} 2",
                 "sandglass_snapshots_bytes{namespace=\"team\"} 3000000000000",
                 "sandglass_snapshots_unique_bytes{namespace=\"team\"} 1000000",
                 "sandglass_snapshots_oldest_timestamp_seconds{namespace=\"team\"} 1700000000.5",
                 "sandglass_cleanup_interval_seconds 3600",
                 "sandglass_cleanup_next_run_timestamp_seconds 1700003600",
                 "sandglass_cleanup_waits_for_answer 1",
                 "sandglass_cleanup_last_run_timestamp_seconds 1700000100",
                 "sandglass_cleanup_last_run_duration_seconds 1.5",
                 "sandglass_cleanup_last_run_snapshots{outcome=\"deleted\"} 4",
                 "sandglass_cleanup_last_run_snapshots{outcome=\"skipped\"} 2",
                 "sandglass_cleanup_last_run_snapshots{outcome=\"failed\"} 1",
                 "sandglass_cleanup_last_run_freed_bytes 512",
                 "sandglass_engine_connected{engine=\"local\"} 1",
                 "sandglass_engine_connected{engine=\"remote\"} 0",
                 "sandglass_engine_last_seen_timestamp_seconds{engine=\"local\"} 1700000200",
                 "sandglass_operations_unfinished{kind=\"push_snapshot\",state=\"waiting\"} 2",
             })
            QTest::newRow(line) << QByteArray(line);
    }
    void linesByTable()
    {
        QFETCH(const QByteArray, line);
        const QByteArray text = exposition(someMeasurements());
        QVERIFY2(linesOf(text).contains(line), text.constData());
    }

    void eachNameIsExplainedOnce()
    {
        QHash<QByteArray, int> explained;
        QSet<QByteArray> used;
        for (const QByteArray &line : linesOf(exposition(someMeasurements()))) {
            if (line.startsWith("# HELP "))
                ++explained[line.split(' ').at(2)];
            else if (!line.isEmpty() && !line.startsWith('#'))
                used.insert(line.split('{').first().split(' ').first());
        }
        QCOMPARE(QSet<QByteArray>(explained.keyBegin(), explained.keyEnd()), used);
        for (auto it = explained.cbegin(); it != explained.cend(); ++it)
            QVERIFY2(*it == 1, it.key().constData());
    }

    void whatIsNotKnownIsLeftOut()
    {
        const QByteArray text = exposition({});
        QVERIFY(!text.contains("sandglass_cleanup_last_run"));
        QVERIFY(!text.contains("sandglass_snapshots"));
        QVERIFY(!text.contains("sandglass_engine"));
        QVERIFY(text.endsWith('\n'));
    }
};

QTEST_GUILESS_MAIN(ExpositionTest)
#include "tst_exposition.moc"
