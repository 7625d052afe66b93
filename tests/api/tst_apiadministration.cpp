#include "tests/api/apifixture.h"
#include "tests/api/rawclient.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QMap>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

/// What operators administer: engines to import, a rebuild, settings and the audit.
class ApiAdministrationTest : public QObject, private ApiFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup()
    {
        QCOMPARE(m_contractProblems, QStringList());
        close();
    }

    void rebuildTellsOfEveryEngine()
    {
        const Answer answer = ask("POST", "/v1/rebuild");
        QCOMPARE(answer.status, 200);
        const QJsonValue engine = answer.json["engines"_L1][0];
        QCOMPARE(engine["engine"_L1].toString(), u"local"_s);
        QVERIFY(engine["error"_L1].toString().contains(u"/nonexistent/docker.sock"_s));
        QCOMPARE(ask("POST", "/v1/rebuild", "{\"force\":true}").status, 400);
    }

    void enginesOfDockersClientAreOffered()
    {
        const QTemporaryDir folder;
        const auto write = [&folder](const QString &path, const QByteArray &text) {
            const QFileInfo info(folder.filePath(path));
            QVERIFY(QDir().mkpath(info.path()));
            QFile file(info.filePath());
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        write(
            u"contexts/meta/1/meta.json"_s,
            "{\"Name\":\"lab\",\"Endpoints\":{\"docker\":{\"Host\":\"tcp://lab:2376\"}}}");
        write(u"contexts/tls/1/docker/ca.pem"_s, {});
        write(u"contexts/meta/2/meta.json"_s, "{");
        qputenv("DOCKER_CONFIG", folder.path().toLocal8Bit());
        qputenv("DOCKER_HOST", "ssh://me@far");
        const QJsonArray engines =
            ask("GET", "/v1/engines/importable").json["engines"_L1].toArray();
        qunsetenv("DOCKER_CONFIG");
        qunsetenv("DOCKER_HOST");

        QCOMPARE(engines.size(), 3);
        QCOMPARE(engines[0]["address"_L1].toString(), u"ssh://me@far"_s);
        QCOMPARE(engines[1]["name"_L1].toString(), u"lab"_s);
        QCOMPARE(
            engines[1]["tls"_L1]["ca_file"_L1].toString(),
            folder.filePath(u"contexts/tls/1/docker/ca.pem"_s));
        QVERIFY(engines[2]["source"_L1].toString().endsWith(u"/2/meta.json"_s));
        QVERIFY(!engines[2]["error"_L1].toString().isEmpty());
    }

    void theAuditSaysWhoDidWhat()
    {
        const SandboxId sandbox = addSandbox();
        QCOMPARE(ask("DELETE", pathOf(sandbox)).status, 202);
        const QJsonObject record = audit("?object=" + sandbox.text().toLatin1()).first().toObject();
        QCOMPARE(record["user"_L1].toString(), u"api"_s);
        QCOMPARE(record["program"_L1].toString(), u"sandglassd"_s);
        QCOMPARE(record["address"_L1].toString(), u"127.0.0.1"_s);
        QCOMPARE(record["action"_L1].toString(), u"terminate_sandbox"_s);
        QCOMPARE(record["result"_L1].toString(), u"requested"_s);
        QCOMPARE(record["at"_L1].toInteger(), toMilliseconds(m_clock->now()));
        QCOMPARE(record["hash"_L1].toString().size(), 64);
    }

    void theAuditIsListedByPageAndFiltered()
    {
        for (int i = 0; i < 5; ++i) {
            const SnapshotId snapshot = addSnapshot(addSandbox());
            QCOMPARE(ask("DELETE", pathOf(snapshot)).status, 202);
            m_clock->advance(std::chrono::seconds(1));
        }
        QList<qint64> seen;
        QByteArray cursor;
        do {
            const Answer page =
                ask("GET", "/v1/audit?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            QCOMPARE(page.status, 200);
            for (const QJsonValue &record : page.json["records"_L1].toArray())
                seen.append(record["seq"_L1].toInteger());
            cursor = page.json["next_cursor"_L1].toString().toLatin1();
        } while (!cursor.isEmpty());
        QCOMPARE(seen, (QList<qint64>{5, 4, 3, 2, 1}));

        const auto now = QByteArray::number(toMilliseconds(m_clock->now()));
        const auto twoSecondsAgo = QByteArray::number(toMilliseconds(m_clock->now()) - 2000);
        QCOMPARE(audit("?since=" + twoSecondsAgo).size(), 2);
        QCOMPARE(audit("?until=" + twoSecondsAgo).size(), 3);
        QCOMPARE(audit("?since=" + now).size(), 0);
        QCOMPARE(audit("?action=delete_snapshot&who=127.0.0").size(), 5);
        QCOMPARE(audit("?action=delete").size(), 0);
        QCOMPARE(audit("?who=nobody").size(), 0);
        for (const char *bad : {"?since=yesterday", "?cursor=x", "?limit=0", "?whom=api"})
            QCOMPARE(ask("GET", "/v1/audit" + QByteArray(bad)).status, 400);
    }

    void settingsFallBackToGlobalAndDefault()
    {
        const QByteArray global = "/v1/settings";
        const QByteArray team = "/v1/namespaces/team/settings";
        const auto expect = [](const Answer &answer, qint64 value, const QString &source) {
            const QString name = u"default_snapshot_ttl_secs"_s;
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.json[name].toInteger(), value);
            QCOMPARE(answer.json["sources"_L1][name].toString(), source);
        };
        expect(ask("GET", global), 1'209'600, u"default"_s);
        expect(ask("GET", team), 1'209'600, u"default"_s);
        expect(ask("PATCH", global, "{\"default_snapshot_ttl_secs\": 60}"), 60, u"global"_s);
        expect(ask("GET", team), 60, u"global"_s);
        expect(ask("PATCH", team, "{\"default_snapshot_ttl_secs\": 0}"), 0, u"namespace"_s);
        expect(ask("GET", global), 60, u"global"_s);
        expect(ask("GET", "/v1/namespaces/other/settings"), 60, u"global"_s);
        expect(
            ask("PATCH", global, "{\"default_snapshot_ttl_secs\": null}"), 1'209'600, u"default"_s);
        expect(ask("PATCH", team, "{}"), 0, u"namespace"_s);
        expect(
            ask("PATCH", team, "{\"default_snapshot_ttl_secs\": null}"), 1'209'600, u"default"_s);

        const QJsonArray changes = audit("?action=change_setting");
        QCOMPARE(changes.size(), 4);
        const QJsonObject ofTeam = changes.at(2).toObject();
        QCOMPARE(ofTeam["object"_L1].toString(), u"team/default_snapshot_ttl_secs"_s);
        QCOMPARE(ofTeam["result"_L1].toString(), u"0, before: inherited"_s);
    }

    void changedDefaultsAreInForceAtOnce()
    {
        QCOMPARE(ask("PATCH", "/v1/settings", "{\"default_snapshot_ttl_secs\": 77}").status, 200);
        const QByteArray snapshots = pathOf(addSandbox()) + "/snapshots";
        QCOMPARE(ask("POST", snapshots, "{}").status, 202);
        const QJsonArray made = ask("GET", snapshots).json["snapshots"_L1].toArray();
        QCOMPARE(made.first()["ttl_secs"_L1].toInteger(), 77);
    }

    void badSettingsChangeNothing_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("text") << QByteArray("{\"default_snapshot_ttl_secs\": \"60\"}");
        QTest::newRow("fraction") << QByteArray("{\"default_snapshot_ttl_secs\": 1.5}");
        QTest::newRow("negative") << QByteArray("{\"max_snapshots_per_namespace\": -1}");
        QTest::newRow("too many") << QByteArray("{\"max_snapshots_per_namespace\": 1000001}");
        QTest::newRow("too often") << QByteArray("{\"snapshot_cleanup_interval_secs\": 0}");
        QTest::newRow("backwards") << QByteArray("{\"snapshot_cleanup_interval_secs\": -1}");
        QTest::newRow("keep none") << QByteArray("{\"keep_last\": 0}");
        QTest::newRow("for ever") << QByteArray("{\"default_snapshot_ttl_secs\": 31536000001}");
        QTest::newRow("unknown") << QByteArray("{\"max_snapshots\": 1}");
        QTest::newRow("answer") << QByteArray("{\"sources\": {}}");
        QTest::newRow("one good, one bad") << QByteArray(
            "{\"max_snapshots_per_namespace\": 5, \"snapshot_cleanup_interval_secs\": 0}");
    }

    void badSettingsChangeNothing()
    {
        QFETCH(QByteArray, body);
        const QByteArray before = ask("GET", "/v1/settings").body;
        QCOMPARE(ask("PATCH", "/v1/settings", body).status, 400);
        QCOMPARE(ask("GET", "/v1/settings").body, before);
        QCOMPARE(ask("PATCH", "/v1/namespaces/-/settings", "{}").status, 400);
        QCOMPARE(audit({}).size(), 0);
    }

    /// A value that somebody wrote by hand stops what needs it, says so, and can be set again.
    void aNonsensicalValueIsNamedAndCanBeReplaced()
    {
        store([](Session &session) -> Done {
            SANDGLASS_CHECK(session.run(
                u"INSERT INTO settings VALUES ('', 'max_snapshots_per_namespace', 'many')"_s));
            return {};
        });
        const auto refused = m_services->settings.list();
        QCOMPARE(refused.error().kind, ErrorKind::Storage);
        QVERIFY2(
            refused.error().detail.contains(u"\"many\""_s)
                && refused.error().detail.contains(u"set it again"_s),
            qPrintable(refused.error().detail));
        const QByteArray five = "{\"max_snapshots_per_namespace\": 5}";
        QCOMPARE(ask("PATCH", "/v1/settings", five).status, 200);
    }

    void fiftyAtOnceAgainstTenFreePlacesGiveTen()
    {
        const SandboxId sandbox = addSandbox();
        for (int i = 0; i < 3; ++i)
            [[maybe_unused]] const SnapshotId taken = addSnapshot(sandbox);
        const QByteArray limit = "{\"max_snapshots_per_namespace\": 13}";
        QCOMPARE(ask("PATCH", "/v1/namespaces/team/settings", limit).status, 200);
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 50; ++i) {
            clients.push_back(std::make_unique<RawClient>(m_port));
            const QByteArrayList headers{
                "Authorization: Bearer " + token, "Content-Type: application/json"};
            clients.back()->send(
                rawRequest("POST", pathOf(sandbox) + "/snapshots", m_port, headers, "{}"));
        }
        QMap<int, int> countByStatus;
        for (const auto &client : clients) {
            const auto answer = client->answer();
            QVERIFY(answer);
            ++countByStatus[answer->status];
        }
        QCOMPARE(countByStatus, (QMap<int, int>{{202, 10}, {403, 40}}));
        QCOMPARE(operationCount(), 10);
        QCOMPARE(m_services->snapshots.list({})->snapshots.size(), 13);
    }

private:
    QJsonArray audit(const QByteArray &query)
    {
        const Answer answer = ask("GET", "/v1/audit" + query);
        return answer.json["records"_L1].toArray();
    }
};

QTEST_GUILESS_MAIN(ApiAdministrationTest)
#include "tst_apiadministration.moc"
