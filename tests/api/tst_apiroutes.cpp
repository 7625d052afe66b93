#include "services/storage/auditlog.h"
#include "services/storage/enginerepository.h"
#include "tests/api/apifixture.h"
#include "tests/api/rawclient.h"

#include <QJsonArray>
#include <QSet>
#include <QTest>

#include <memory>
#include <vector>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray addressBody(const QByteArray &address)
{
    return "{\"address\":\"" + address + "\"}";
}

} // namespace

class ApiRoutesTest : public QObject, private ApiFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup()
    {
        QCOMPARE(m_contractProblems, QStringList());
        close();
    }

    void theContractNamesExactlyTheRoutes()
    {
        const Router router = allRoutes();
        QSet<QString> routes;
        for (const Route &route : router.routes()) {
            const QString method = QString::fromLatin1(route.method);
            routes.insert(method + u' ' + route.pattern);
            QStringList names = route.queryNames;
            names.sort();
            QCOMPARE(m_contract->queryNames(method, route.pattern), names);
        }
        QCOMPARE(routes.size(), router.routes().size());
        QSet<QString> documented;
        const QJsonObject paths = m_contract->document()["paths"_L1].toObject();
        for (auto path = paths.begin(); path != paths.end(); ++path) {
            const QStringList methods = path.value().toObject().keys();
            for (const QString &method : methods)
                documented.insert(method.toUpper() + u' ' + path.key());
        }
        QCOMPARE(routes, documented);
        QCOMPARE(m_contract->danglingReferences(), QStringList());
        QVERIFY(m_contract->document()["openapi"_L1].toString().startsWith(u"3.0."_s));
    }

    void everyCallDocumentsItsPathParameters()
    {
        const Router router = allRoutes();
        for (const Route &route : router.routes()) {
            QSet<QString> documented;
            const QJsonArray parameters =
                m_contract->call(QString::fromLatin1(route.method), route.pattern)["parameters"_L1]
                    .toArray();
            for (const QJsonValue &parameter : parameters) {
                if (parameter["in"_L1].toString() == "path"_L1)
                    documented.insert(u'{' + parameter["name"_L1].toString() + u'}');
            }
            QSet<QString> placeholders;
            const QStringList parts = route.pattern.split(u'/');
            for (const QString &part : parts) {
                if (part.startsWith(u'{'))
                    placeholders.insert(part);
            }
            QCOMPARE(documented, placeholders);
        }
    }

    void systemCallsAnswer()
    {
        QCOMPARE(ask("GET", "/healthz").json["status"_L1].toString(), u"ok"_s);
        QCOMPARE(ask("GET", "/readyz").json["status"_L1].toString(), u"ready"_s);
        QCOMPARE(
            ask("GET", "/version").json["version"_L1].toString(),
            QStringLiteral(SANDGLASS_VERSION));
        QCOMPARE(ask("GET", "/openapi.json").json, m_contract->document());
    }

    void sandboxesAreCreatedAndShown()
    {
        const Answer created = ask(
            "POST",
            "/v1/namespaces/team/sandboxes",
            R"({"image":"busybox:1","entrypoint":"sh","resources":{"cpus":0.5,"memory_mb":64},"timeout_secs":60,
                "secret_names":["TOKEN"],"network":{"allow_internet_access":false},"engine":"local","name":"mine"})");
        QCOMPARE(created.status, 202);
        QCOMPARE(created.json["status"_L1].toString(), u"pending"_s);
        const QByteArray id = created.json["sandbox_id"_L1].toString().toLatin1();
        const Answer shown = ask("GET", "/v1/namespaces/team/sandboxes/" + id);
        QCOMPARE(shown.status, 200);
        QCOMPARE(shown.json["image"_L1].toString(), u"busybox:1"_s);
        QCOMPARE(shown.json["entrypoint"_L1].toArray(), QJsonArray{u"sh"_s});
        QCOMPARE(
            shown.json["resources"_L1].toObject(),
            (QJsonObject{{u"cpus"_s, 0.5}, {u"memory_mb"_s, 64}}));
        QCOMPARE(shown.json["timeout_secs"_L1].toInteger(), 60);
        QCOMPARE(shown.json["secret_names"_L1].toArray(), QJsonArray{u"TOKEN"_s});
        QCOMPARE(shown.json["network"_L1].toString(), u"none"_s);
        QCOMPARE(shown.json["name"_L1].toString(), u"mine"_s);
        QCOMPARE(shown.json["created_at"_L1].toInteger(), toMilliseconds(m_clock->now()));
        const Answer listed = ask("GET", "/v1/namespaces/team/sandboxes");
        QCOMPARE(listed.json["sandboxes"_L1].toArray(), QJsonArray{shown.json});
        QCOMPARE(
            ask("GET", "/v1/namespaces/other/sandboxes").json["sandboxes"_L1].toArray().size(), 0);
        QCOMPARE(ask("GET", "/v1/namespaces/other/sandboxes/" + id).status, 404);

        const Answer operation =
            ask("GET", "/v1/operations/" + created.json["operation_id"_L1].toString().toLatin1());
        QCOMPARE(operation.status, 200);
        QCOMPARE(operation.json["kind"_L1].toString(), u"create_sandbox"_s);
        QCOMPARE(operation.json["state"_L1].toString(), u"queued"_s);
        QCOMPARE(
            operation.json["requested_by"_L1].toString(), u"api (sandglassd) from 127.0.0.1"_s);
        QVERIFY(!operation.json["steps"_L1].toArray().isEmpty());
    }

    void aRepeatedPostAnswersTheSame()
    {
        const SandboxId sandbox = addSandbox();
        const SnapshotId snapshot = addSnapshot(sandbox);
        const QByteArrayList key{"Idempotency-Key: once"};
        for (const auto &[path, body, other] : {
                 std::tuple(
                     QByteArray("/v1/namespaces/team/sandboxes"),
                     R"({"image":"busybox:1"})",
                     R"({"image":"busybox:2"})"),
                 std::tuple(pathOf(sandbox) + "/snapshots", R"({"tag":"a"})", R"({"tag":"b"})"),
                 std::tuple(pathOf(snapshot) + "/restore", "{}", R"({"force":true})"),
             }) {
            const int before = operationCount();
            const Answer first = ask("POST", path, body, key);
            QCOMPARE(first.status, 202);
            const Answer again = ask("POST", path, body, key);
            QCOMPARE(again.status, 202);
            QCOMPARE(again.body, first.body);
            QCOMPARE(operationCount(), before + 1);
            QCOMPARE(ask("POST", path, other, key).status, 409);
            QCOMPARE(ask("POST", path, body, {"Idempotency-Key: a b"}).status, 400);
            QCOMPARE(operationCount(), before + 1);
            QCOMPARE(ask("POST", path, body).status, 202);
            QCOMPARE(operationCount(), before + 2);
        }
    }

    void snapshotsAreReservedAndShown()
    {
        const SandboxId sandbox = addSandbox();
        const Answer created =
            ask("POST",
                pathOf(sandbox) + "/snapshots",
                R"({"ttl_secs":60,"tag":"v1","note":"before the upgrade","pause":false})");
        QCOMPARE(created.status, 202);
        QCOMPARE(created.json["status"_L1].toString(), u"creating"_s);
        const QString id = created.json["snapshot_id"_L1].toString();
        const Answer shown = ask("GET", "/v1/namespaces/team/snapshots/" + id.toLatin1());
        QCOMPARE(shown.status, 200);
        const qint64 now = toMilliseconds(m_clock->now());
        const QJsonObject expected{
            {u"snapshot_id"_s, id},
            {u"sandbox_id"_s, sandbox.text()},
            {u"namespace"_s, u"team"_s},
            {u"engine"_s, u"local"_s},
            {u"status"_s, u"creating"_s},
            {u"created_at"_s, now},
            {u"changed_at"_s, now},
            {u"ttl_secs"_s, 60},
            {u"expires_at"_s, now + 60'000},
            {u"expired"_s, false},
            {u"image_ref"_s, u"sandglass-snapshots:"_s + sandbox.text() + u'-' + id},
            {u"tag"_s, u"v1"_s},
            {u"note"_s, u"before the upgrade"_s},
            {u"findings"_s, QJsonArray()},
            {u"locations"_s, QJsonArray()},
        };
        QCOMPARE(shown.json, expected);
        QCOMPARE(m_services->snapshots.find(SnapshotId::trusted(id))->pause, PauseDuringCommit::No);

        const Answer plain = ask("POST", pathOf(sandbox) + "/snapshots");
        QCOMPARE(plain.status, 202);
        const auto second = m_services->snapshots.find(
            SnapshotId::trusted(plain.json["snapshot_id"_L1].toString()));
        QCOMPARE(second->ttlSeconds, 1'209'600);
        QCOMPARE(second->pause, PauseDuringCommit::Yes);

        const Answer never = ask("POST", pathOf(sandbox) + "/snapshots", R"({"ttl_secs":0})");
        const Answer kept = ask(
            "GET",
            "/v1/namespaces/team/snapshots/" + never.json["snapshot_id"_L1].toString().toLatin1());
        QCOMPARE(kept.json["ttl_secs"_L1].toInteger(-1), 0);
        QVERIFY(!kept.json.contains("expires_at"_L1));

        m_clock->advance(std::chrono::seconds(60));
        QCOMPARE(
            ask("GET", "/v1/namespaces/team/snapshots/" + id.toLatin1())
                .json["expired"_L1]
                .toBool(),
            true);
    }

    void snapshotsAreListedByPage()
    {
        const SandboxId sandbox = addSandbox();
        QStringList expected;
        for (int i = 0; i < 7; ++i) {
            m_clock->advance(std::chrono::seconds(1));
            const auto status = i == 3 ? SnapshotStatus::Failed : SnapshotStatus::Active;
            expected.prepend(addSnapshot(sandbox, status, 0, u"note %1%"_s.arg(i)).text());
        }
        const auto idsOf = [](const Answer &answer) {
            QStringList ids;
            const QJsonArray snapshots = answer.json["snapshots"_L1].toArray();
            for (const QJsonValue &snapshot : snapshots)
                ids.append(snapshot["snapshot_id"_L1].toString());
            return ids;
        };
        const QByteArray all = "/v1/namespaces/team/snapshots";
        const Answer whole = ask("GET", all);
        QCOMPARE(idsOf(whole), expected);
        QVERIFY(whole.json["next_cursor"_L1].isNull());
        QVERIFY(whole.json.contains("next_cursor"_L1));

        QStringList paged;
        QByteArray cursor;
        for (int page = 0; page < 3; ++page) {
            const Answer answer = ask("GET", all + "?limit=3" + cursor);
            QCOMPARE(answer.status, 200);
            paged += idsOf(answer);
            cursor = "&cursor="
                + answer.json["next_cursor"_L1].toString().toLatin1().toPercentEncoding();
            QCOMPARE(answer.json["next_cursor"_L1].isNull(), page == 2);
        }
        QCOMPARE(paged, expected);
        QCOMPARE(idsOf(ask("GET", all + "?status=failed")), QStringList{expected.at(3)});
        QCOMPARE(idsOf(ask("GET", all + "?q=note%206%25")), QStringList{expected.at(0)});
        QCOMPARE(idsOf(ask("GET", all + "?q=6%25")), QStringList{expected.at(0)});
        QCOMPARE(idsOf(ask("GET", pathOf(sandbox) + "/snapshots")), expected);
        QCOMPARE(idsOf(ask("GET", pathOf(addSandbox()) + "/snapshots")), QStringList());
        QCOMPARE(
            ask("GET", "/v1/namespaces/other/sandboxes/" + sandbox.text().toLatin1() + "/snapshots")
                .status,
            404);
    }

    void snapshotsAreDeletedOnce()
    {
        const SnapshotId snapshot = addSnapshot(addSandbox());
        QCOMPARE(
            ask("DELETE", "/v1/namespaces/other/snapshots/" + snapshot.text().toLatin1()).status,
            404);
        const Answer deleted = ask("DELETE", pathOf(snapshot));
        QCOMPARE(deleted.status, 202);
        QCOMPARE(deleted.json["snapshot_id"_L1].toString(), snapshot.text());
        QCOMPARE(deleted.json["status"_L1].toString(), u"deleting"_s);
        QCOMPARE(ask("DELETE", pathOf(snapshot)).status, 409);
        QCOMPARE(ask("GET", pathOf(snapshot)).json["status"_L1].toString(), u"deleting"_s);
    }

    void aRestoreTellsWhatItIs()
    {
        const SnapshotId snapshot = addSnapshot(addSandbox(), SnapshotStatus::Active, 60);
        const auto restored = [this, &snapshot](const QByteArray &body) {
            const Answer answer = ask("POST", pathOf(snapshot) + "/restore", body);
            QVERIFY2(answer.status == 202, answer.body.constData());
        };
        const Answer live = ask("POST", pathOf(snapshot) + "/restore", "{}");
        QCOMPARE(live.status, 202);
        QCOMPARE(live.json["status"_L1].toString(), u"pending"_s);
        QCOMPARE(live.json["restored_from_snapshot"_L1].toBool(), true);
        QCOMPARE(live.json["ttl_expired"_L1].toBool(), false);
        restored(R"({"engine":"local","name":"again","reason":null})");

        m_clock->advance(std::chrono::seconds(60));
        const Answer fresh = ask("POST", pathOf(snapshot) + "/restore");
        QCOMPARE(fresh.status, 202);
        QCOMPARE(fresh.json["restored_from_snapshot"_L1].toBool(), false);
        QCOMPARE(fresh.json["ttl_expired"_L1].toBool(), true);
        const Answer forced =
            ask("POST", pathOf(snapshot) + "/restore", R"({"force":true,"reason":"audit"})");
        QCOMPARE(forced.status, 202);
        QCOMPARE(forced.json["restored_from_snapshot"_L1].toBool(), true);
        QCOMPARE(forced.json["ttl_expired"_L1].toBool(), true);

        const SnapshotId failed = addSnapshot(addSandbox(), SnapshotStatus::Failed);
        const Answer refused = ask("POST", pathOf(failed) + "/restore", "{}");
        QCOMPARE(refused.status, 404);
        QVERIFY(refused.json["error"_L1]["message"_L1].toString().contains(u"failed"_s));
    }

    void theRestorePlanChangesNothing()
    {
        const SnapshotId snapshot = addSnapshot(addSandbox(), SnapshotStatus::Active, 60);
        m_clock->advance(std::chrono::seconds(60));
        const Answer fresh = ask("GET", pathOf(snapshot) + "/restore-plan");
        QCOMPARE(fresh.status, 200);
        QCOMPARE(fresh.json["restored_from_snapshot"_L1].toBool(), false);
        QCOMPARE(fresh.json["image_ref"_L1].toString(), u"busybox:1"_s);
        QCOMPARE(
            fresh.json["notices"_L1].toArray().first()["kind"_L1].toString(), u"filesystem_lost"_s);
        QCOMPARE(
            fresh.json["checks"_L1].toArray().first()["name"_L1].toString(), u"engine_answers"_s);
        QCOMPARE(fresh.json["can_run"_L1].toBool(), true);
        const Answer forced =
            ask("GET", pathOf(snapshot) + "/restore-plan?force=true&engine=local");
        QCOMPARE(forced.json["forced"_L1].toBool(), true);
        QCOMPARE(forced.json["image_ref"_L1].toString(), u"sandglass-snapshots:x"_s);
        QCOMPARE(ask("GET", pathOf(snapshot) + "/restore-plan?engine=unknown").status, 404);
        QCOMPARE(operationCount(), 0);
    }

    void sandboxesAreTerminatedOnce()
    {
        const SandboxId sandbox = addSandbox();
        const Answer terminated = ask("DELETE", pathOf(sandbox));
        QCOMPARE(terminated.status, 202);
        QCOMPARE(terminated.json["sandbox_id"_L1].toString(), sandbox.text());
        QCOMPARE(terminated.json["status"_L1].toString(), u"terminating"_s);
        QCOMPARE(ask("DELETE", pathOf(sandbox)).status, 409);
    }

    void operationsAreListedAndCancelled()
    {
        const SandboxId sandbox = addSandbox();
        const Answer first = ask("POST", pathOf(sandbox) + "/snapshots", "{}");
        m_clock->advance(std::chrono::seconds(1));
        const Answer second = ask("POST", pathOf(sandbox) + "/snapshots", "{}");
        const QJsonArray listed = ask("GET", "/v1/operations").json["operations"_L1].toArray();
        QCOMPARE(listed.size(), 2);
        QCOMPARE(listed.first()["operation_id"_L1], second.json["operation_id"_L1]);
        const QByteArray path =
            "/v1/operations/" + first.json["operation_id"_L1].toString().toLatin1();
        const Answer cancelled = ask("POST", path + "/cancel");
        QCOMPARE(cancelled.status, 202);
        QCOMPARE(ask("GET", path).json["cancel_requested"_L1].toBool(), true);
        QCOMPARE(ask("POST", path + "/cancel", "{\"why\":1}").status, 400);
    }

    void enginesAreMadeKnownAndForgotten()
    {
        const QByteArray body = addressBody("tcp://127.0.0.1:2375");
        QCOMPARE(ask("PUT", "/v1/engines/second", body).status, 201);
        QCOMPARE(ask("PUT", "/v1/engines/second", body).status, 200);
        const QByteArray withoutPort = addressBody("tcp://127.0.0.1");
        QCOMPARE(ask("PUT", "/v1/engines/second", withoutPort).status, 200);
        const QJsonArray engines = ask("GET", "/v1/engines").json["engines"_L1].toArray();
        QCOMPARE(engines.size(), 2);
        QCOMPARE(engines.last()["name"_L1].toString(), u"second"_s);
        QCOMPARE(engines.last()["address"_L1].toString(), u"tcp://127.0.0.1:2375"_s);
        QVERIFY(!engines.last()["warnings"_L1].isArray());

        const Answer exposed = ask("PUT", "/v1/engines/second", addressBody("tcp://lab"));
        QCOMPARE(exposed.status, 200);
        QCOMPARE(exposed.json["address"_L1].toString(), u"tcp://lab:2375"_s);
        QVERIFY(exposed.json["warnings"_L1][0].toString().contains(u"neither encrypted"_s));

        const Answer safe =
            ask("PUT",
                "/v1/engines/second",
                "{\"address\":\"tcp://lab\",\"tls\":{\"ca_file\":\"/ca.pem\"}}");
        QCOMPARE(safe.status, 200);
        QCOMPARE(safe.json["address"_L1].toString(), u"tcp://lab:2376"_s);
        QCOMPARE(safe.json["tls"_L1].toObject(), (QJsonObject{{u"ca_file"_s, u"/ca.pem"_s}}));
        QVERIFY(!safe.json["warnings"_L1].isArray());
        QCOMPARE(ask("GET", "/v1/engines/second").json, safe.json);
        QCOMPARE(ask("DELETE", "/v1/engines/second").status, 204);
        QCOMPARE(ask("GET", "/v1/engines/second").status, 404);
        QCOMPARE(ask("DELETE", "/v1/engines/second").status, 404);
    }

    void adoptionIsAskedOfTheEngine()
    {
        const QByteArray containers = "/v1/engines/local/containers";
        QCOMPARE(ask("GET", containers).status, 503);
        QCOMPARE(ask("GET", containers + "?adoptable=true").status, 503);
        QCOMPARE(ask("GET", containers + "?adoptable=maybe").status, 400);
        QCOMPARE(ask("GET", "/v1/engines/nowhere/containers").status, 404);
        const QByteArray adopt = "/v1/namespaces/team/sandboxes/adopt";
        QCOMPARE(ask("POST", adopt, "{}").status, 400);
        QCOMPARE(ask("POST", adopt, R"({"engine":"nowhere","container":"x"})").status, 404);
        QCOMPARE(ask("POST", adopt, R"({"engine":"local","container":"x"})").status, 503);
        QCOMPARE(ask("POST", adopt, R"({"engine":"local","container":"x","by":1})").status, 400);
    }

    void adoptedSandboxesAreLetGoOrTerminatedOnPurpose()
    {
        const SandboxId own = addSandbox();
        QCOMPARE(ask("GET", pathOf(own)).json["origin"_L1].toString(), u"created"_s);
        QCOMPARE(ask("POST", pathOf(own) + "/release").status, 409);
        const SandboxId adopted = addAdoptedSandbox();
        QCOMPARE(ask("GET", pathOf(adopted)).json["origin"_L1].toString(), u"adopted"_s);
        QCOMPARE(ask("DELETE", pathOf(adopted)).status, 409);
        QCOMPARE(ask("DELETE", pathOf(adopted) + "?remove_adopted=yes").status, 400);
        QCOMPARE(operationCount(), 0);
        const Answer released = ask("POST", pathOf(adopted) + "/release");
        QCOMPARE(released.status, 200);
        QCOMPARE(released.json["status"_L1].toString(), u"released"_s);
        QCOMPARE(ask("POST", pathOf(adopted) + "/release").status, 409);
        const SandboxId other = addAdoptedSandbox();
        QCOMPARE(ask("DELETE", pathOf(other) + "?remove_adopted=true").status, 202);
        QCOMPARE(operationCount(), 1);
    }

    void rowsOfASilentEngineSayAsOfWhenTheyWereTrue()
    {
        const SandboxId sandbox = addSandbox();
        const SnapshotId snapshot = addSnapshot(sandbox);
        const QByteArray shown = "/v1/namespaces/team/snapshots/" + snapshot.text().toLatin1();
        QVERIFY(!ask("GET", pathOf(sandbox)).json.contains(u"as_of"_s));
        QVERIFY(!ask("GET", shown).json.contains(u"as_of"_s));
        const qint64 seen = toMilliseconds(m_clock->now());
        store([](Session &session) -> Done {
            EngineRepository engines(session);
            SANDGLASS_TRY(Engine engine, engines.find(EngineName::trusted(u"local"_s)));
            engine.state = EngineState::Unreachable;
            engine.lastSeenAt = session.now();
            SANDGLASS_CHECK(engines.save(engine));
            return appendAudit(
                session, {itself(u"test"_s), u"see_engine"_s, u"local"_s, u"unreachable"_s, {}});
        });
        m_clock->advance(std::chrono::hours(1));
        QCOMPARE(ask("GET", pathOf(sandbox)).json["as_of"_L1].toInteger(), seen);
        QCOMPARE(ask("GET", shown).json["as_of"_L1].toInteger(), seen);
        const QJsonObject listed =
            ask("GET", "/v1/namespaces/team/snapshots").json["snapshots"_L1][0].toObject();
        QCOMPARE(listed["as_of"_L1].toInteger(), seen);
    }

    void headAnswersAsGetWithoutABody()
    {
        RawClient client(m_port);
        client.send(rawRequest("HEAD", "/v1/engines", m_port, {"Authorization: Bearer " + token}));
        const auto head = client.answer(false);
        QVERIFY(head);
        QCOMPARE(head->status, 200);
        QCOMPARE(
            head->headers.value("content-length").toInt(),
            int(ask("GET", "/v1/engines").body.size()));
    }

    void manyCallersAtOnceAllSucceed()
    {
        const SandboxId sandbox = addSandbox();
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 40; ++i) {
            clients.push_back(std::make_unique<RawClient>(m_port));
            const QByteArrayList headers{
                "Authorization: Bearer " + token, "Content-Type: application/json"};
            clients.back()->send(
                rawRequest("POST", pathOf(sandbox) + "/snapshots", m_port, headers, "{}"));
        }
        QSet<QString> ids;
        for (const auto &client : clients) {
            const auto answer = client->answer();
            QVERIFY(answer);
            QCOMPARE(answer->status, 202);
            ids.insert(answer->json()["snapshot_id"_L1].toString());
        }
        QCOMPARE(ids.size(), 40);
        QCOMPARE(operationCount(), 40);
    }
};

QTEST_GUILESS_MAIN(ApiRoutesTest)
#include "tst_apiroutes.moc"
