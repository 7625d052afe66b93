#include "tests/api/apifixture.h"
#include "tests/support/fakeclock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// Plans, runs, pins, times to live, the trash and the counts, as the API tells of them.
class ApiCleanupTest : public QObject, private ApiFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup()
    {
        QCOMPARE(m_contractProblems, QStringList());
        close();
    }

    void planIsShownThenExecuted()
    {
        const SandboxId sandbox = addSandbox();
        const SnapshotId brief = addSnapshot(sandbox, SnapshotStatus::Active, 60);
        const SnapshotId lasting = addSnapshot(sandbox, SnapshotStatus::Active, 0);
        m_clock->advance(60s);
        const QJsonObject plan = ask("GET", "/v1/cleanup/plan").json;
        QCOMPARE(plan["deletions"_L1].toInteger(), 1);
        QCOMPARE(plan["entries"_L1].toArray().size(), 2);
        const QJsonValue first = plan["entries"_L1][0];
        QCOMPARE(first["snapshot_id"_L1].toString(), brief.text());
        QCOMPARE(first["action"_L1].toString(), u"delete"_s);
        QCOMPARE(first["rule"_L1].toString(), u"expired"_s);
        QVERIFY(first["reason"_L1].toString().contains(u"1 minute"_s));
        QCOMPARE(plan["entries"_L1][1]["action"_L1].toString(), u"keep"_s);
        QCOMPARE(
            ask("GET", "/v1/cleanup/plan?scope=expired").json["entries"_L1].toArray().size(), 1);
        QCOMPARE(
            ask("GET", "/v1/cleanup/plan?namespace=other").json["entries"_L1].toArray().size(), 0);

        const Answer started = ask("POST", "/v1/cleanup/run", bodyFor(plan));
        QCOMPARE(started.status, 202);
        QCOMPARE(ask("GET", pathOf(brief)).json["status"_L1].toString(), u"deleting"_s);
        QCOMPARE(ask("GET", pathOf(lasting)).json["status"_L1].toString(), u"active"_s);
        const QByteArray run = started.json["run_id"_L1].toString().toUtf8();
        const QJsonObject shown = ask("GET", "/v1/cleanup/runs/" + run).json;
        QCOMPARE(shown["planned"_L1].toInteger(), 1);
        QCOMPARE(shown["items"_L1][0]["outcome"_L1].toString(), u"deleting"_s);
        QCOMPARE(ask("GET", "/v1/cleanup/runs").json["runs"_L1].toArray().size(), 1);
        QCOMPARE(ask("POST", "/v1/cleanup/run", bodyFor(plan)).status, 409);
    }

    void metricsSayTheSame()
    {
        const SandboxId sandbox = addSandbox();
        Q_UNUSED(addSnapshot(sandbox, SnapshotStatus::Active, 60));
        Q_UNUSED(addSnapshot(sandbox, SnapshotStatus::Failed));
        m_clock->advance(60s);
        const QByteArray text = ask("GET", "/metrics").body;
        for (const char *line : {
                 "\nsandglass_snapshots{namespace=\"team\",status=\"active\"} 1\n",
                 "\nsandglass_snapshots{namespace=\"team\",status=\"failed\"} 1\n",
                 "\nsandglass_snapshots_expired{namespace=\"team\"} 1\n",
                 "\nsandglass_engine_connected{engine=\"local\"} 1\n",
             })
            QVERIFY2(text.contains(line), text.constData());
    }

    void badRequests_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        const QByteArray run = "/v1/cleanup/run";
        const QByteArray snapshots = "/v1/namespaces/team/snapshots";
        const auto row = [](const char *name, auto method, auto target, auto body, int status) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body)
                                << status;
        };
        row("no plan", "POST", run, "{}", 400);
        row("unknown plan", "POST", run, "{\"plan_id\": \"plan-a\"}", 404);
        row("typo", "POST", run, "{\"plan_id\": \"plan-a\", \"confirmed\": true}", 400);
        row("bad namespace", "POST", run, "{\"plan_id\": \"a\", \"namespace\": \"-\"}", 400);
        row("bad scope", "GET", "/v1/cleanup/plan?scope=some", "", 400);
        row("bad namespace to plan", "GET", "/v1/cleanup/plan?namespace=-", "", 400);
        row("unknown run", "GET", "/v1/cleanup/runs/run-a", "", 404);
        row("no snapshots", "POST", snapshots + "/pin", "{\"reason\": \"a\"}", 400);
        row("none", "POST", snapshots + "/unpin", "{\"snapshot_ids\": []}", 400);
        row("no id", "POST", snapshots + "/unpin", "{\"snapshot_ids\": [\"a\"]}", 400);
        row("unknown", "POST", snapshots + "/unpin", "{\"snapshot_ids\": [\"snap-a\"]}", 404);
        row("no TTL", "POST", snapshots + "/change-ttl", "{\"snapshot_ids\": [\"snap-a\"]}", 400);
        row("negative TTL",
            "POST",
            snapshots + "/change-ttl",
            "{\"snapshot_ids\": [\"snap-a\"], \"ttl_secs\": -1}",
            400);
        row("beyond the calendar",
            "POST",
            snapshots + "/change-ttl",
            "{\"snapshot_ids\": [\"snap-a\"], \"ttl_secs\": 9007199254740991}",
            400);
        row("no reason", "POST", snapshots + "/pin", "{\"snapshot_ids\": [\"snap-a\"]}", 400);
        row("bad trash time", "DELETE", snapshots + "/snap-a?trash_secs=-1", "", 400);
        row("no trash time", "DELETE", snapshots + "/snap-a?trash_secs=a", "", 400);
    }

    void badRequests()
    {
        QFETCH(const QByteArray, method);
        QFETCH(const QByteArray, target);
        QFETCH(const QByteArray, body);
        QFETCH(const int, status);
        QCOMPARE(ask(method, target, body).status, status);
    }

    void aPlanOfAnotherNamespaceIsRefused()
    {
        const QJsonObject plan = ask("GET", "/v1/cleanup/plan?namespace=team").json;
        QCOMPARE(ask("POST", "/v1/cleanup/run", bodyFor(plan)).status, 409);
        QCOMPARE(
            ask("POST", "/v1/cleanup/run", bodyFor(plan, {{u"namespace"_s, u"other"_s}})).status,
            409);
        QCOMPARE(
            ask("POST", "/v1/cleanup/run", bodyFor(plan, {{u"namespace"_s, u"team"_s}})).status,
            202);
    }

    void pinsAndTimesToLive()
    {
        const SnapshotId id = addSnapshot(addSandbox(), SnapshotStatus::Active, 60);
        const QByteArray all = "/v1/namespaces/team/snapshots";
        const QByteArray named = "\"snapshot_ids\": [\"" + id.text().toUtf8() + "\"]";
        QCOMPARE(ask("POST", all + "/pin", "{" + named + ", \"reason\": \"release\"}").status, 200);
        QCOMPARE(ask("GET", pathOf(id)).json["pin"_L1]["reason"_L1].toString(), u"release"_s);
        QCOMPARE(ask("DELETE", pathOf(id)).status, 409);
        QCOMPARE(ask("POST", all + "/unpin", "{" + named + "}").status, 200);
        QVERIFY(!ask("GET", pathOf(id)).json.contains("pin"_L1));
        const QByteArray longer = "{" + named + ", \"ttl_secs\": 120}";
        QCOMPARE(ask("POST", all + "/change-ttl", longer).json["changed"_L1].toInt(), 1);
        QCOMPARE(ask("GET", pathOf(id)).json["ttl_secs"_L1].toInteger(), 120);
        QCOMPARE(ask("POST", "/v1/namespaces/other/snapshots/change-ttl", longer).status, 404);
    }

    void trash()
    {
        const SnapshotId id = addSnapshot(addSandbox(), SnapshotStatus::Active, 0);
        const Answer removed = ask("DELETE", pathOf(id) + "?trash_secs=60");
        QCOMPARE(removed.status, 202);
        QCOMPARE(removed.json["status"_L1].toString(), u"trashed"_s);
        const QByteArray all = "/v1/namespaces/team/snapshots";
        QCOMPARE(ask("GET", all).json["snapshots"_L1].toArray().size(), 0);
        const QJsonArray trashed =
            ask("GET", all + "?status=trashed").json["snapshots"_L1].toArray();
        QCOMPARE(
            trashed.first()["trashed_until"_L1].toInteger(), toMilliseconds(m_clock->now() + 60s));
        QCOMPARE(ask("POST", pathOf(id) + "/restore", "{}").status, 404);
        const QByteArray named = "{\"snapshot_ids\": [\"" + id.text().toUtf8() + "\"]}";
        QCOMPARE(ask("POST", all + "/take-back", named).status, 200);
        QCOMPARE(ask("GET", pathOf(id)).json["status"_L1].toString(), u"active"_s);
        QCOMPARE(ask("POST", all + "/take-back", named).status, 409);
        QCOMPARE(ask("DELETE", pathOf(id)).json["status"_L1].toString(), u"deleting"_s);
    }

    void statusAndCounts()
    {
        const SandboxId sandbox = addSandbox();
        [[maybe_unused]] const SnapshotId brief = addSnapshot(sandbox, SnapshotStatus::Active, 60);
        [[maybe_unused]] const SnapshotId failed = addSnapshot(sandbox, SnapshotStatus::Failed);
        m_clock->advance(60s);
        const QJsonObject counts = ask("GET", "/v1/stats").json;
        QCOMPARE(counts["snapshots"_L1]["total"_L1].toInteger(), 2);
        QCOMPARE(counts["snapshots"_L1]["expired"_L1].toInteger(), 1);
        QCOMPARE(counts["snapshots"_L1]["by_status"_L1]["failed"_L1].toInteger(), 1);
        QCOMPARE(counts["namespaces"_L1]["team"_L1], counts["snapshots"_L1]);

        QVERIFY(!ask("GET", "/v1/cleanup/status").json.contains("last_at"_L1));
        QVERIFY(m_services->cleanup.tick({}));
        const QJsonObject status = ask("GET", "/v1/cleanup/status").json;
        QCOMPARE(status["interval_secs"_L1].toInteger(), 3'600);
        QCOMPARE(status["last_at"_L1].toInteger(), toMilliseconds(m_clock->now()));
        QCOMPARE(status["next_at"_L1].toInteger(), toMilliseconds(m_clock->now() + 1h));
    }

    void rulesThatDeleteEverythingAreSaidTwice()
    {
        QCOMPARE(ask("PATCH", "/v1/settings", "{\"keep_last\": 1}").status, 200);
        [[maybe_unused]] const SnapshotId id =
            addSnapshot(addSandbox(), SnapshotStatus::Active, 60);
        m_clock->advance(60s);
        QCOMPARE(ask("PATCH", "/v1/settings", "{\"keep_last\": null}").status, 409);
        QCOMPARE(ask("PATCH", "/v1/settings?confirm=true", "{\"keep_last\": null}").status, 200);
    }

    void schedules()
    {
        const QByteArray sandbox = addSandbox().text().toUtf8();
        const QByteArray one = "/v1/namespaces/team/schedules/nightly";
        const QByteArray body = "{\"sandbox_id\": \"" + sandbox
            + "\", \"cron\": \"30 2 * * *\", \"time_zone\": \"Europe/Berlin\", \"ttl_secs\": 60, "
              "\"tag_pattern\": \"night-{date}\"}";
        const Answer put = ask("PUT", one, body);
        QCOMPARE(put.status, 200);
        QVERIFY(put.json["next_run_at"_L1].toInteger() > toMilliseconds(m_clock->now()));
        QCOMPARE(ask("GET", one).json, put.json);
        QCOMPARE(ask("PUT", one, body).json, put.json);
        const QJsonObject list = ask("GET", "/v1/namespaces/team/schedules").json;
        QCOMPARE(list["schedules"_L1].toArray().size(), 1);
        QCOMPARE(
            ask("GET", "/v1/namespaces/other/schedules").json["schedules"_L1].toArray().size(), 0);
        m_clock->advance(24h);
        QVERIFY(m_services->schedules.runDue({}));
        const QJsonValue taken =
            ask("GET", "/v1/namespaces/team/snapshots").json["snapshots"_L1][0];
        QCOMPARE(taken["schedule"_L1], put.json["schedule_id"_L1]);
        QCOMPARE(taken["ttl_secs"_L1].toInteger(), 60);
        QCOMPARE(ask("DELETE", one).status, 200);
        QCOMPARE(ask("GET", one).status, 404);
        QCOMPARE(ask("DELETE", one).status, 404);
    }

    void badSchedules_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no time") << QByteArray("{\"sandbox_id\": \"sb-a\"}");
        QTest::newRow("nonsense") << QByteArray(
            "{\"sandbox_id\": \"sb-a\", \"cron\": \"every other day\"}");
        QTest::newRow("never") << QByteArray("{\"selector\": \"a=b\", \"cron\": \"0 0 30 2 *\"}");
        QTest::newRow("no sandbox") << QByteArray("{\"cron\": \"@daily\"}");
        QTest::newRow("both") << QByteArray(
            "{\"sandbox_id\": \"sb-a\", \"selector\": \"a\", \"cron\": \"@daily\"}");
        QTest::newRow("zone") << QByteArray(
            "{\"selector\": \"a\", \"cron\": \"@daily\", \"time_zone\": \"Moon\"}");
        QTest::newRow("TTL") << QByteArray(
            "{\"selector\": \"a\", \"cron\": \"@daily\", \"ttl_secs\": -1}");
        QTest::newRow("tag") << QByteArray(
            "{\"selector\": \"a\", \"cron\": \"@daily\", \"tag_pattern\": \"a b\"}");
        QTest::newRow("typo") << QByteArray(
            "{\"selector\": \"a\", \"cron\": \"@daily\", \"ttl\": 1}");
    }

    void badSchedules()
    {
        QFETCH(const QByteArray, body);
        QCOMPARE(ask("PUT", "/v1/namespaces/team/schedules/nightly", body).status, 400);
        QCOMPARE(ask("GET", "/v1/namespaces/team/schedules/nightly").status, 404);
    }

    void orphansOfAnEngineThatDoesNotAnswer()
    {
        const QJsonValue engine = ask("GET", "/v1/cleanup/orphans").json["engines"_L1][0];
        QCOMPARE(engine["engine"_L1].toString(), u"local"_s);
        QVERIFY(engine["error"_L1].toString().contains(u"/nonexistent/docker.sock"_s));
        QCOMPARE(ask("DELETE", "/v1/cleanup/orphans?engine=local").status, 400);
        QCOMPARE(ask("DELETE", "/v1/cleanup/orphans?engine=nowhere&image_id=a").status, 404);
    }

private:
    static QByteArray bodyFor(const QJsonObject &plan, QJsonObject more = {})
    {
        more.insert(u"plan_id"_s, plan["plan_id"_L1]);
        return QJsonDocument(more).toJson();
    }
};

QTEST_GUILESS_MAIN(ApiCleanupTest)
#include "tst_apicleanup.moc"
