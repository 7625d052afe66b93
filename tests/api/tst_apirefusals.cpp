#include "tests/api/apifixture.h"
#include "tests/api/rawclient.h"

#include <QRandomGenerator>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray addressBody(const QByteArray &address)
{
    return "{\"address\":\"" + address + "\"}";
}

} // namespace

class ApiRefusalsTest : public QObject, private ApiFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup()
    {
        QCOMPARE(m_contractProblems, QStringList());
        close();
    }

    void openCallsNeedNoToken()
    {
        for (const QByteArray path : {"/healthz", "/readyz"}) {
            const auto answer = RawClient(m_port).ask(rawRequest("GET", path, m_port));
            QVERIFY(answer);
            QCOMPARE(answer->status, 200);
        }
        for (const QByteArray path : {"/openapi.json", "/version", "/v1/engines", "/nothing"}) {
            const auto answer = RawClient(m_port).ask(rawRequest("GET", path, m_port));
            QVERIFY(answer);
            QCOMPARE(answer->status, 401);
        }
    }

    void foreignHostsAndContentTypesAreRefused()
    {
        RawClient client(m_port);
        const auto foreign = client.ask("GET /healthz HTTP/1.1\r\nHost: evil.example.com\r\n\r\n");
        QVERIFY(foreign);
        QCOMPARE(foreign->status, 421);
        QByteArrayList headers{"Authorization: Bearer " + token, "Content-Type: text/plain"};
        const auto plain = RawClient(m_port).ask(rawRequest(
            "POST", "/v1/namespaces/team/sandboxes", m_port, headers, R"({"image":"busybox"})"));
        QVERIFY(plain);
        QCOMPARE(plain->status, 415);
        QCOMPARE(operationCount(), 0);
    }

    void badRequestsChangeNothing_data()
    {
        QTest::addColumn<QByteArray>("call");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        const QByteArray create = "POST /v1/namespaces/team/sandboxes";
        const QByteArray snapshot = "POST {sandbox}/snapshots";
        const QByteArray restore = "POST {snapshot}/restore";
        const auto add = [](const QByteArray &call, const QByteArray &body, int status = 400) {
            QTest::addRow("%s %s", call.left(60).constData(), body.left(60).constData())
                << call << body << status;
        };
        add(create, "{");
        add(create, "[]");
        add(create, "");
        add(create, "{}");
        add(create, R"({"image":""})");
        add(create, R"({"image":1})");
        add(create, R"({"image":"../etc"})");
        add(create, R"({"image":"busybox","imgae":"x"})");
        add(create, R"({"image":"busybox","entrypoint":[1]})");
        add(create, R"({"image":"busybox","entrypoint":[]})");
        add(create, R"({"image":"busybox","resources":[]})");
        add(create, R"({"image":"busybox","resources":{"cpu":1}})");
        add(create, R"({"image":"busybox","resources":{"cpus":0}})");
        add(create, R"({"image":"busybox","resources":{"cpus":1e300}})");
        add(create, R"({"image":"busybox","resources":{"memory_mb":1.5}})");
        add(create, R"({"image":"busybox","resources":{"memory_mb":-1}})");
        add(create, R"({"image":"busybox","resources":{"memory_mb":9007199254740991}})");
        add(create, R"({"image":"busybox","timeout_secs":-1})");
        add(create, R"({"image":"busybox","timeout_secs":1e300})");
        add(create, R"({"image":"busybox","secret_names":["a b"]})");
        add(create, R"({"image":"busybox","network":"container:c0ffee"})");
        add(create, R"({"image":"busybox","network":{"allow":true}})");
        add(create, R"({"image":"busybox","network":1})");
        add(create, R"({"image":"busybox","engine":"../x"})");
        add(create, R"({"image":"busybox","engine":"unknown"})", 404);
        add("POST /v1/namespaces/../sandboxes", R"({"image":"busybox"})");
        add("POST /v1/namespaces/%2E%2E/sandboxes", R"({"image":"busybox"})");
        add("POST /v1/namespaces/a%2Fb/sandboxes", R"({"image":"busybox"})");
        add("POST /v1/namespaces/" + QByteArray(300, 'a') + "/sandboxes", R"({"image":"busybox"})");
        add(create + "?x=1", R"({"image":"busybox"})");
        add(snapshot, R"({"ttl_secs":-1})");
        add(snapshot, R"({"ttl_secs":1.5})");
        add(snapshot, R"({"ttl_secs":"60"})");
        add(snapshot, R"({"ttl_secs":9223372036854775807})");
        add(snapshot, R"({"ttl_secs":9223372036854775808})");
        add(snapshot, R"({"ttl_secs":9007199254740991})");
        add(snapshot, R"({"ttl_secs":1e300})");
        add(snapshot, R"({"ttl":60})");
        add(snapshot, R"({"tag":"-bad"})");
        add(snapshot, R"({"tag":"a b"})");
        add(snapshot, R"({"tag":"a/../b"})");
        add(snapshot, "{\"tag\":\"" + QByteArray(129, 'a') + "\"}");
        add(snapshot, "{\"note\":\"" + QByteArray(4097, 'a') + "\"}");
        add(snapshot, R"({"note":"\u0000"})");
        add(snapshot, R"({"pause":"no"})");
        add(snapshot, R"({"accept_findings":"yes"})");
        add(snapshot, R"({"scrub_environment":1})");
        add("POST /v1/namespaces/other/sandboxes/sb-unknown/snapshots", "{}", 404);
        add("POST /v1/namespaces/team/sandboxes/sb-unknown/snapshots", "{}", 404);
        add("POST /v1/namespaces/team/sandboxes/..%2F..%2Fx/snapshots", "{}");
        add("POST /v1/namespaces/team/sandboxes/sb-" + QByteArray(300, 'a') + "/snapshots", "{}");
        add("POST /v1/namespaces/team/sandboxes/../snapshots", "{}");
        add(restore, R"({"force":1})");
        add(restore, R"({"force":"true"})");
        add(restore, R"({"engine":"unknown"})", 404);
        add(restore, R"({"engine":"a/b"})");
        add(restore, R"({"reason":1})");
        add(restore, R"({"forced":true})");
        add("POST /v1/namespaces/team/snapshots/snap-unknown/restore", "{}", 404);
        add("POST /v1/namespaces/other/snapshots/snap-unknown/restore", "{}", 404);
        add("DELETE /v1/namespaces/team/snapshots/snap-unknown", "", 404);
        add("DELETE /v1/namespaces/team/snapshots/snap-..", "");
        add("DELETE /v1/namespaces/team/snapshots/..%2f..%2f..", "");
        add("DELETE /v1/namespaces/team/snapshots/snap-" + QByteArray(300, 'a'), "");
        add("DELETE /v1/namespaces/team/sandboxes/sb-unknown", "", 404);
        add("DELETE /v1/namespaces/team/sandboxes/sb-UPPER", "");
        add("DELETE /v1/namespaces/team/sandboxes", "", 405);
        add("PUT /v1/namespaces/team/sandboxes", "", 405);
        add("PUT /v1/engines/other", "");
        add("PUT /v1/engines/other", addressBody("ftp://x"));
        add("PUT /v1/engines/other", addressBody("unix://x"));
        add("PUT /v1/engines/other", "{\"address\":\"unix:///x\",\"extra\":1}");
        add("PUT /v1/engines/..%2Fx", addressBody("unix:///x"));
        add("PUT /v1/engines/other", "{\"address\":\"tcp://x\",\"tls\":{\"ca\":\"/x\"}}");
        add("PUT /v1/engines/other", "{\"address\":\"tcp://x\",\"tls\":{\"key_file\":\"/x\"}}");
        add("PUT /v1/engines/other", "{\"address\":\"tcp://x\",\"tls\":{\"ca_file\":\"x.pem\"}}");
        add("PUT /v1/engines/other", "{\"address\":\"unix:///x\",\"tls\":{}}");
        add("DELETE /v1/engines/unknown", "", 404);
        add("DELETE /v1/engines/local", "", 409);
        add("POST /v1/operations/op-unknown/cancel", "", 404);
        add("POST /v1/operations/xyz/cancel", "");
        add("GET /v1/operations/op-unknown", "", 404);
        add("GET /v1/operations/..", "");
        add("GET /v1/namespaces/team/snapshots?status=gone", "");
        add("GET /v1/namespaces/team/snapshots?status=", "");
        add("GET /v1/namespaces/team/snapshots?limit=0", "");
        add("GET /v1/namespaces/team/snapshots?limit=1001", "");
        add("GET /v1/namespaces/team/snapshots?limit=-1", "");
        add("GET /v1/namespaces/team/snapshots?limit=ten", "");
        add("GET /v1/namespaces/team/snapshots?limit=99999999999", "");
        add("GET /v1/namespaces/team/snapshots?cursor=nonsense", "");
        add("GET /v1/namespaces/team/snapshots?stauts=active", "");
        add("GET {snapshot}/restore-plan?force=yes", "");
        add("GET {snapshot}/restore-plan?engine=..", "");
        add("GET /v1/namespaces/team/sandboxes/sb-unknown/snapshots", "", 404);
        add("GET /v1/namespaces/team/sandboxes/sb-unknown/snapshot-plan", "", 404);
    }

    void badRequestsChangeNothing()
    {
        QFETCH(QByteArray, call);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        const SandboxId sandbox = addSandbox();
        const SnapshotId snapshot = addSnapshot(sandbox);
        call.replace("{sandbox}", pathOf(sandbox)).replace("{snapshot}", pathOf(snapshot));
        const auto sandboxes = m_services->sandboxes.list({});
        const auto engines = m_services->engines.list();

        const Answer answer = ask(call.split(' ').first(), call.split(' ').last(), body);
        QCOMPARE(answer.status, status);
        QVERIFY(!answer.code.isEmpty());
        QVERIFY(!answer.json["error"_L1]["message"_L1].toString().isEmpty());
        QCOMPARE(operationCount(), 0);
        QCOMPARE(*m_services->sandboxes.list({}), *sandboxes);
        QCOMPARE(*m_services->engines.list(), *engines);
        QCOMPARE(m_services->snapshots.list({})->snapshots.size(), 1);
        QCOMPARE(m_services->snapshots.find(snapshot)->status, SnapshotStatus::Active);
    }

    void aSandboxThatDoesNotRunIsAConflict()
    {
        const Answer stopped =
            ask("POST", pathOf(addSandbox(SandboxStatus::Stopped)) + "/snapshots", "{}");
        QCOMPARE(stopped.status, 409);
        QCOMPARE(stopped.code, u"conflict"_s);
        QVERIFY(stopped.json["error"_L1]["message"_L1].toString().contains(u"stopped"_s));
    }

    void theLimitOfSnapshotsIsA403()
    {
        const QByteArray one = "{\"max_snapshots_per_namespace\": 1}";
        QCOMPARE(ask("PATCH", "/v1/namespaces/team/settings", one).status, 200);
        const SandboxId sandbox = addSandbox();
        QCOMPARE(ask("POST", pathOf(sandbox) + "/snapshots", "{}").status, 202);
        const Answer refused = ask("POST", pathOf(sandbox) + "/snapshots", "{}");
        QCOMPARE(refused.status, 403);
        QCOMPARE(refused.code, u"limit_reached"_s);
        QCOMPARE(operationCount(), 1);
    }

    void aDatabaseThatCannotBeReadIsNotReady()
    {
        store([](Session &session) -> Done {
            SANDGLASS_CHECK(session.run(u"ALTER TABLE engines RENAME TO gone"_s));
            return {};
        });
        const Answer answer = ask("GET", "/readyz");
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.code, u"storage"_s);
        QCOMPARE(ask("GET", "/healthz").status, 200);
    }

    void mutatedCallsAreRefused()
    {
        const Router router = allRoutes();
        const QByteArray sound =
            R"({"image":"busybox","resources":{"cpus":1,"memory_mb":64},"timeout_secs":5})";
        QRandomGenerator random(3);
        int refused = 0;
        for (int round = 0; round < 1500; ++round) {
            ApiRequest request;
            const Route &route = router.routes().at(random.bounded(int(router.routes().size())));
            request.method = route.method;
            request.path = route.pattern.toLatin1();
            request.path.replace("{namespace}", "team").replace("{sandbox_id}", "sb-1");
            request.body = sound;
            QByteArray &mutated = route.method == "POST" ? request.body : request.path;
            for (int change = random.bounded(1, 4); change > 0; --change)
                mutated[random.bounded(int(mutated.size()))] = char(random.bounded(1, 256));
            const int status = router.answer(request).status;
            QVERIFY(status == 202 || status == 200 || (status >= 400 && status < 500));
            refused += status >= 400;
        }
        QVERIFY(refused > 1200);
    }

    void anAddressBeyondThisMachineNeedsAWord()
    {
        ApiOptions options;
        options.endpoint = {QHostAddress(QHostAddress::AnyIPv4), 0};
        options.token = Secret(token);
        const auto refused = ApiServer(m_services->useCases(), metrics(), options).start();
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::InvalidArgument);
        options.allowsInsecure = true;
        ApiServer insecure(m_services->useCases(), metrics(), options);
        const auto url = insecure.start();
        QVERIFY(url);
        QVERIFY(url->startsWith(u"http://0.0.0.0:"_s));
    }
};

QTEST_GUILESS_MAIN(ApiRefusalsTest)
#include "tst_apirefusals.moc"
