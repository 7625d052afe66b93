#include "services/storage/operationrepository.h"
#include "services/storage/snapshotrepository.h"
#include "tests/api/apifixture.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray mainPath = "/v1/registries/main";
const QByteArray password = "correct-horse";

/// The least that a registry must have, and what else is given: `"insecure":true`.
QByteArray registryBody(const QByteArray &more = {})
{
    return "{\"url\":\"registry.example.com:5000\",\"repository\":\"team/snapshots\""
        + (more.isEmpty() ? QByteArray() : ',' + more) + '}';
}

const QByteArray login =
    "\"credential\":{\"username\":\"robot\",\"password\":\"" + password + "\"}";

} // namespace

/// Registries, their credentials, and the snapshots that travel there and back.
class ApiRegistriesTest : public QObject, private ApiFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup()
    {
        QCOMPARE(m_contractProblems, QStringList());
        close();
    }

    void registriesAreMadeKnownAndForgotten()
    {
        QCOMPARE(ask("GET", "/v1/registries").json["registries"_L1].toArray().size(), 0);
        QCOMPARE(ask("GET", mainPath).status, 404);
        const Answer added = ask("PUT", mainPath, registryBody());
        QCOMPARE(added.status, 201);
        const QJsonObject expected{
            {u"name"_s, u"main"_s},
            {u"url"_s, u"registry.example.com:5000"_s},
            {u"repository"_s, u"team/snapshots"_s},
            {u"insecure"_s, false},
            {u"namespaces"_s, QJsonArray()},
            {u"position"_s, 0},
            {u"credential_source"_s, u"anonymous"_s},
            {u"waits_for_credentials"_s, true},
            {u"warnings"_s, QJsonArray()},
        };
        QCOMPARE(added.json, expected);
        QCOMPARE(ask("GET", mainPath).json, expected);

        const Answer changed =
            ask("PUT",
                mainPath,
                R"({"url":"127.0.0.2:5000","repository":"a","ca_file":"/ca.pem","position":3,
                "namespaces":["team","other","team"],"waits_for_credentials":false,
                "credential_source":"docker_helper"})");
        QCOMPARE(changed.status, 200);
        QCOMPARE(changed.json["url"_L1].toString(), u"127.0.0.2:5000"_s);
        QCOMPARE(changed.json["ca_file"_L1].toString(), u"/ca.pem"_s);
        QCOMPARE(changed.json["position"_L1].toInteger(), 3);
        QCOMPARE(changed.json["namespaces"_L1].toArray(), (QJsonArray{u"team"_s, u"other"_s}));
        QCOMPARE(changed.json["waits_for_credentials"_L1].toBool(true), false);
        QCOMPARE(changed.json["credential_source"_L1].toString(), u"docker_helper"_s);

        QCOMPARE(ask("PUT", "/v1/registries/first", registryBody()).status, 201);
        const QJsonArray listed = ask("GET", "/v1/registries").json["registries"_L1].toArray();
        QCOMPARE(listed.size(), 2);
        QCOMPARE(listed[0]["name"_L1].toString(), u"first"_s);
        QCOMPARE(listed[1].toObject(), changed.json);

        QCOMPARE(ask("DELETE", mainPath).status, 204);
        QCOMPARE(ask("GET", mainPath).status, 404);
        QCOMPARE(ask("DELETE", mainPath).status, 404);
        QCOMPARE(ask("DELETE", mainPath + "?leave_snapshots=perhaps").status, 400);
    }

    void plainHttpIsWarnedOfUnlessItStaysOnThisMachine()
    {
        const Answer exposed = ask("PUT", mainPath, registryBody("\"insecure\":true"));
        QCOMPARE(exposed.status, 201);
        const QString warning = exposed.json["warnings"_L1][0].toString();
        QVERIFY2(warning.contains(u"registry.example.com:5000"_s), qPrintable(warning));
        QVERIFY2(warning.contains(u"password"_s), qPrintable(warning));
        const Answer local =
            ask("PUT", mainPath, R"({"url":"localhost:5000","repository":"a","insecure":true})");
        QCOMPARE(local.json["warnings"_L1].toArray(), QJsonArray());
    }

    void whatIsWrongIsRefusedAndChangesNothing_data()
    {
        QTest::addColumn<QByteArray>("body");
        const auto with = [](const char *name, const QByteArray &more) {
            QTest::newRow(name) << registryBody(more);
        };
        QTest::newRow("no url") << QByteArray(R"({"repository":"a"})");
        QTest::newRow("no repository") << QByteArray(R"({"url":"r.example.com"})");
        QTest::newRow("a host with a scheme")
            << QByteArray("{\"url\":\"https://r.example.com\",\"repository\":\"a\"}");
        QTest::newRow("a login in the url")
            << QByteArray(R"({"url":"robot:correct-horse@r.example.com","repository":"a"})");
        QTest::newRow("a repository in capitals")
            << QByteArray(R"({"url":"r.example.com","repository":"Team"})");
        with("a relative CA file", R"("ca_file":"ca.pem")");
        with("a CA file beside plain HTTP", R"("ca_file":"/ca.pem","insecure":true)");
        with("an unknown field", R"("ca_fle":"/ca.pem")");
        with("text for a switch", R"("insecure":"yes")");
        with("a namespace that is none", R"("namespaces":["team","not a name"])");
        with("namespaces that are no array", R"("namespaces":"team")");
        with("a position below 0", R"("position":-1)");
        with("a position beyond all", R"("position":4294967296)");
        with("an unknown source", R"("credential_source":"file")");
        with("a keychain without a credential", R"("credential_source":"keychain")");
        with("a credential for a helper", login + R"(,"credential_source":"docker_helper")");
        with("a password without a user", R"("credential":{"password":"correct-horse"})");
        with("a user without a password", R"("credential":{"username":"robot"})");
        with("an empty credential", R"("credential":{})");
        with("a credential that is a text", R"("credential":"robot:correct-horse")");
        with(
            "a password and a token",
            R"("credential":{"username":"robot","password":"correct-horse","identity_token":"t"})");
        with(
            "an unknown field beside the password",
            R"("credential":{"username":"robot","password":"correct-horse","email":"x"})");
        with("a password that is a number", R"("credential":{"username":"robot","password":1})");
    }

    void whatIsWrongIsRefusedAndChangesNothing()
    {
        QFETCH(QByteArray, body);
        for (const QByteArray &path : {mainPath, QByteArray("/v1/registries/test")}) {
            const Answer refused = ask(path == mainPath ? "PUT" : "POST", path, body);
            QCOMPARE(refused.status, 400);
            QVERIFY2(!refused.body.contains(password), refused.body.constData());
        }
        QCOMPARE(ask("GET", "/v1/registries").json["registries"_L1].toArray().size(), 0);
        QCOMPARE(m_services->secrets.keys(), QStringList());
        QCOMPARE(ask("GET", "/v1/audit").json["records"_L1].toArray().size(), 0);
    }

    void aCredentialGoesInAndNeverComesOut()
    {
        QList<Answer> answers{ask("PUT", mainPath, registryBody(login))};
        QCOMPARE(answers.last().status, 201);
        QCOMPARE(answers.last().json["credential_source"_L1].toString(), u"keychain"_s);
        QCOMPARE(answers.last().json["username"_L1].toString(), u"robot"_s);
        const QString key = u"registry.example.com:5000/robot"_s;
        QCOMPARE(m_services->secrets.keys(), QStringList{key});
        QCOMPARE((*m_services->secrets.read(key, {}))->reveal(), password);

        answers += ask("PUT", mainPath, registryBody("\"position\":1"));
        QCOMPARE(answers.last().status, 200);
        QCOMPARE(answers.last().json["username"_L1].toString(), u"robot"_s);
        answers += ask("PUT", mainPath, registryBody("\"credential_source\":\"keychain\""));
        QCOMPARE(answers.last().json["username"_L1].toString(), u"robot"_s);
        QCOMPARE(m_services->secrets.keys(), QStringList{key});
        answers += ask("GET", mainPath);
        answers += ask("GET", "/v1/registries");
        answers += ask("GET", "/v1/audit");
        QVERIFY(answers.last().body.contains("robot"));

        QCOMPARE(ask("DELETE", mainPath + "/credential").status, 204);
        QCOMPARE(m_services->secrets.keys(), QStringList());
        answers += ask("GET", mainPath);
        QCOMPARE(answers.last().json["credential_source"_L1].toString(), u"anonymous"_s);
        QVERIFY(!answers.last().json.contains("username"_L1));
        QCOMPARE(ask("DELETE", mainPath + "/credential").status, 404);
        for (const Answer &answer : answers)
            QVERIFY2(!answer.body.contains(password), answer.body.constData());
    }

    void aForgottenRegistryLeavesNoCredential()
    {
        QCOMPARE(ask("PUT", mainPath, registryBody(login)).status, 201);
        QCOMPARE(m_services->secrets.keys().size(), 1);
        QCOMPARE(ask("DELETE", mainPath).status, 204);
        QCOMPARE(m_services->secrets.keys(), QStringList());
    }

    void anIdentityTokenHasNoUserOfItsOwn()
    {
        const Answer added = ask(
            "PUT", mainPath, registryBody(R"("credential":{"identity_token":"correct-horse"})"));
        QCOMPARE(added.status, 201);
        QCOMPARE(added.json["username"_L1].toString(), u"<token>"_s);
        QVERIFY(!added.body.contains(password));
        QCOMPARE(m_services->secrets.keys(), QStringList{u"registry.example.com:5000/<token>"_s});
    }

    void withoutAKeychainTheAnswerSaysSo()
    {
        m_services->secrets.setMood(MemorySecretStore::Mood::Locked);
        const Answer locked = ask("PUT", mainPath, registryBody(login));
        QCOMPARE(locked.status, 503);
        QCOMPARE(locked.code, u"credentials_locked"_s);
        QVERIFY2(locked.body.contains("keychain is locked"), locked.body.constData());
        QVERIFY(!locked.body.contains(password));
        QCOMPARE(ask("GET", mainPath).status, 404);

        m_services->secrets.setMood(MemorySecretStore::Mood::Absent);
        const Answer absent = ask("PUT", mainPath, registryBody(login));
        QCOMPARE(absent.status, 503);
        QCOMPARE(absent.code, u"credentials_missing"_s);
        QCOMPARE(ask("PUT", mainPath, registryBody()).status, 201);
    }

    void aTestSaysWhichStepFailed()
    {
        const QByteArray nobody = R"("url":"127.0.0.1:1","repository":"a","insecure":true)";
        const auto expectUnreachable = [](const Answer &answer) {
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.json["usable"_L1].toBool(true), false);
            const QJsonArray results = answer.json["results"_L1].toArray();
            QCOMPARE(results.size(), 7);
            QCOMPARE(results[0]["step"_L1].toString(), u"reach"_s);
            QCOMPARE(results[0]["outcome"_L1].toString(), u"failed"_s);
            QVERIFY(!results[0]["error"_L1].toString().isEmpty());
            QVERIFY(!answer.body.contains(password));
        };
        expectUnreachable(ask("POST", "/v1/registries/test", '{' + nobody + '}'));
        expectUnreachable(ask("POST", "/v1/registries/test", '{' + nobody + ',' + login + '}'));
        QCOMPARE(ask("GET", "/v1/registries").json["registries"_L1].toArray().size(), 0);

        QCOMPARE(ask("POST", mainPath + "/test").status, 404);
        QCOMPARE(ask("PUT", mainPath, '{' + nobody + '}').status, 201);
        expectUnreachable(ask("POST", mainPath + "/test"));
        expectUnreachable(ask("POST", mainPath + "/test", '{' + login + '}'));
        QCOMPARE(ask("POST", mainPath + "/test", R"({"url":"127.0.0.1:1"})").status, 400);
        QCOMPARE(m_services->secrets.keys(), QStringList());

        QCOMPARE(ask("PUT", mainPath, '{' + nobody + ',' + login + '}').status, 200);
        expectUnreachable(ask("POST", mainPath + "/test"));
        const QByteArray named = R"({"name":"main",)" + nobody + '}';
        m_services->secrets.setMood(MemorySecretStore::Mood::Locked);
        QCOMPARE(ask("POST", mainPath + "/test").status, 503);
        QCOMPARE(ask("POST", "/v1/registries/test", named).status, 503);
        expectUnreachable(ask("POST", "/v1/registries/test", '{' + nobody + '}'));
    }

    void loginsOfDockersClientAreImported()
    {
        QCOMPARE(ask("GET", "/v1/registries/importable").json["logins"_L1].toArray(), QJsonArray());
        QVERIFY(QDir().mkpath(dockerFolder()));
        QFile file(dockerFolder() + u"/config.json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            "{\"auths\":{\"registry.example.com:5000\":{\"auth\":\""
            + ("robot:" + password).toBase64() + "\"}}}");
        file.close();
        const Answer offered = ask("GET", "/v1/registries/importable");
        QCOMPARE(
            offered.json["logins"_L1].toArray(),
            (QJsonArray{QJsonObject{
                {u"url"_s, u"registry.example.com:5000"_s}, {u"username"_s, u"robot"_s}}}));

        QCOMPARE(ask("POST", mainPath + "/import-login").status, 404);
        QCOMPARE(ask("PUT", mainPath, registryBody()).status, 201);
        QCOMPARE(ask("POST", mainPath + "/import-login", R"({"all":true})").status, 400);
        const Answer imported = ask("POST", mainPath + "/import-login");
        QCOMPARE(imported.status, 200);
        QCOMPARE(imported.json["credential_source"_L1].toString(), u"keychain"_s);
        QCOMPARE(imported.json["username"_L1].toString(), u"robot"_s);
        QCOMPARE(m_services->secrets.keys(), QStringList{u"registry.example.com:5000/robot"_s});
        QVERIFY(!imported.body.contains(password));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write("[");
        file.close();
        QCOMPARE(ask("GET", "/v1/registries/importable").status, 502);
    }

    void aPushIsAnOperationWithProgress()
    {
        const SnapshotId snapshot = addSnapshot(addSandbox());
        const QByteArray push = pathOf(snapshot) + "/push";
        const QByteArray there = R"({"registry":"main"})";
        QCOMPARE(ask("POST", push, there).status, 404);
        QCOMPARE(ask("PUT", mainPath, registryBody()).status, 201);
        QCOMPARE(ask("POST", push).status, 400);
        QCOMPARE(ask("POST", push, R"({"registry":"main","force":true})").status, 400);
        QCOMPARE(ask("POST", push, R"({"registry":"not a name"})").status, 400);
        QCOMPARE(operationCount(), 0);

        const Answer pushed = ask("POST", push, there);
        QCOMPARE(pushed.status, 202);
        QCOMPARE(pushed.json["snapshot_id"_L1].toString(), snapshot.text());
        QCOMPARE(pushed.json["registry"_L1].toString(), u"main"_s);
        QCOMPARE(ask("POST", push, there).status, 409);
        const QJsonObject location = locationOf(snapshot, u"main"_s);
        QCOMPARE(location["kind"_L1].toString(), u"registry"_s);
        QCOMPARE(location["state"_L1].toString(), u"uploading"_s);
        QVERIFY(!location.contains("checked_at"_L1));

        const QString id = pushed.json["operation_id"_L1].toString();
        const QByteArray path = "/v1/operations/" + id.toLatin1();
        const QJsonObject before = ask("GET", path).json;
        QCOMPARE(before["kind"_L1].toString(), u"push_snapshot"_s);
        QCOMPARE(before["registry"_L1].toString(), u"main"_s);
        QVERIFY(!before.contains("progress"_L1));
        TransferProgress progress;
        progress.layers = {
            {u"3d27a03c3cc7"_s, LayerState::Transferring, 100, 300},
            {u"5ff9b1b2c0f0"_s, LayerState::AlreadyThere, 0, 0}};
        progress.bytesPerSecond = 50;
        store([&](Session &session) {
            return OperationRepository(session).saveProgress(OperationId::trusted(id), progress);
        });
        const QJsonObject expected{
            {u"layers"_s,
             QJsonArray{
                 QJsonObject{
                     {u"id"_s, u"3d27a03c3cc7"_s},
                     {u"state"_s, u"transferring"_s},
                     {u"bytes_done"_s, 100},
                     {u"bytes_total"_s, 300}},
                 QJsonObject{
                     {u"id"_s, u"5ff9b1b2c0f0"_s},
                     {u"state"_s, u"already_there"_s},
                     {u"bytes_done"_s, 0},
                     {u"bytes_total"_s, 0}}}},
            {u"bytes_done"_s, 100},
            {u"bytes_total"_s, 300},
            {u"bytes_per_second"_s, 50},
            {u"seconds_left"_s, 4},
        };
        QCOMPARE(ask("GET", path).json["progress"_L1].toObject(), expected);
        QCOMPARE(ask("DELETE", mainPath + "?leave_snapshots=true").status, 409);
    }

    void aPullNeedsARegistryThatHasIt()
    {
        const SnapshotId snapshot = addSnapshot(addSandbox());
        const QByteArray pull = pathOf(snapshot) + "/pull";
        const QByteArray here = R"({"engine":"local"})";
        QCOMPARE(ask("POST", pull, here).status, 409);
        QCOMPARE(ask("POST", pull, R"({"engine":"nowhere"})").status, 404);
        QCOMPARE(ask("POST", pull, R"({"registry":"main"})").status, 400);
        QCOMPARE(ask("PUT", mainPath, registryBody()).status, 201);
        addCopy(snapshot);
        const Answer pulled = ask("POST", pull, here);
        QCOMPARE(pulled.status, 202);
        QCOMPARE(pulled.json["engine"_L1].toString(), u"local"_s);
        QCOMPARE(ask("POST", pull, here).status, 409);
        const QJsonObject operation =
            ask("GET", "/v1/operations/" + pulled.json["operation_id"_L1].toString().toLatin1())
                .json;
        QCOMPARE(operation["kind"_L1].toString(), u"pull_snapshot"_s);
        QVERIFY(!operation.contains("registry"_L1));
        const QByteArray elsewhere = "/v1/namespaces/other/snapshots/" + snapshot.text().toLatin1();
        QCOMPARE(ask("POST", elsewhere + "/pull", here).status, 404);
        QCOMPARE(ask("POST", elsewhere + "/push", R"({"registry":"main"})").status, 404);
        QCOMPARE(ask("POST", elsewhere + "/check").status, 404);
    }

    void aCheckAsksTheRegistriesOfASnapshot()
    {
        const SnapshotId snapshot = addSnapshot(addSandbox());
        QCOMPARE(ask("POST", pathOf(snapshot) + "/check").status, 204);
        QCOMPARE(ask("POST", pathOf(snapshot) + "/check", R"({"now":true})").status, 400);
        QCOMPARE(
            ask("PUT", mainPath, R"({"url":"127.0.0.1:1","repository":"a","insecure":true})")
                .status,
            201);
        addCopy(snapshot);
        const Answer silent = ask("POST", pathOf(snapshot) + "/check");
        QCOMPARE(silent.status, 503);
        QVERIFY2(silent.body.contains("127.0.0.1:1"), silent.body.constData());
        QVERIFY(!ask("GET", mainPath).json["error"_L1].toString().isEmpty());
        const SnapshotId failed = addSnapshot(addSandbox(), SnapshotStatus::Failed);
        QCOMPARE(ask("POST", pathOf(failed) + "/check").status, 409);
    }

    void aRegistryWithSnapshotsIsForgottenOnPurpose()
    {
        const SnapshotId snapshot = addSnapshot(addSandbox());
        QCOMPARE(ask("PUT", mainPath, registryBody()).status, 201);
        addCopy(snapshot);
        const QJsonObject location = locationOf(snapshot, u"main"_s);
        QCOMPARE(location["checked_at"_L1].toInteger(), toMilliseconds(m_clock->now()));
        QCOMPARE(location["digest"_L1].toString(), u"sha256:1"_s);
        const QByteArray moved = R"({"url":"other.example.com","repository":"team/snapshots"})";
        QCOMPARE(ask("PUT", mainPath, moved).status, 409);
        QCOMPARE(ask("DELETE", mainPath).status, 409);
        QCOMPARE(ask("DELETE", mainPath + "?leave_snapshots=false").status, 409);
        QCOMPARE(ask("DELETE", mainPath + "?leave_snapshots=true").status, 204);
        QCOMPARE(locationOf(snapshot, u"main"_s), QJsonObject());
    }

    void theRestorePlanSaysWhereTheImageIsPulledFrom()
    {
        const SnapshotId snapshot = addSnapshot(addSandbox());
        const QByteArray plan = pathOf(snapshot) + "/restore-plan?engine=second";
        const QByteArray second = "{\"address\":\"unix:///nonexistent/second.sock\"}";
        QCOMPARE(ask("PUT", "/v1/engines/second", second).status, 201);
        QVERIFY(!ask("GET", plan).json.contains("pull_from"_L1));
        QCOMPARE(ask("PUT", mainPath, registryBody()).status, 201);
        addCopy(snapshot);
        const Answer shown = ask("GET", plan);
        QCOMPARE(shown.status, 200);
        QCOMPARE(shown.json["pull_from"_L1].toString(), u"main"_s);
        QVERIFY2(shown.body.contains("image_in_registry"), shown.body.constData());
    }

private:
    /// The snapshot is in the registry "main", and was seen there now.
    void addCopy(const SnapshotId &snapshot)
    {
        Location location;
        location.snapshot = snapshot;
        location.kind = LocationKind::Registry;
        location.place = u"main"_s;
        location.imageReference = u"registry.example.com:5000/team/snapshots:x"_s;
        location.digest = u"sha256:1"_s;
        location.changedAt = location.checkedAt = m_clock->now();
        store([&location](Session &session) {
            return SnapshotRepository(session).saveLocation(location);
        });
    }

    /// As the API shows it; empty when it has no such place.
    QJsonObject locationOf(const SnapshotId &snapshot, const QString &place)
    {
        const QJsonArray locations = ask("GET", pathOf(snapshot)).json["locations"_L1].toArray();
        for (const QJsonValue &location : locations) {
            if (location["place"_L1].toString() == place)
                return location.toObject();
        }
        return {};
    }
};

QTEST_GUILESS_MAIN(ApiRegistriesTest)
#include "tst_apiregistries.moc"
