#include "tests/api/apifixture.h"

#include "services/metrics/exposition.h"
#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "tests/api/rawclient.h"

#include <QFile>
#include <QTest>
#include <QUrl>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const NamespaceName team = NamespaceName::trusted(u"team"_s);
const EngineName local = EngineName::trusted(u"local"_s);

/// The pattern of the route that a path is for.
QString patternOf(const Router &router, const QByteArray &method, const QByteArray &target)
{
    const QStringList segments = QString::fromUtf8(target.split('?').first()).split(u'/');
    for (const Route &route : router.routes()) {
        const QStringList parts = route.pattern.split(u'/');
        const bool matches = route.method == method
            && std::equal(parts.begin(),
                          parts.end(),
                          segments.begin(),
                          segments.end(),
                          [](const QString &part, const QString &segment) {
                              return part == segment || part.startsWith(u'{');
                          });
        if (matches)
            return route.pattern;
    }
    return {};
}

} // namespace

ApiFixture::Services::Services(
    std::unique_ptr<Database> opened, const Clock &time, const QString &dockerFolder)
    : clock(time)
    , database(std::move(opened))
    , connections(*database)
    , credentials(secrets, dockerFolder, {})
    , registryAccess(*database, credentials, clock)
    , runner(*database, connections, registryAccess, clock)
    , sandboxes(*database, runner, clock)
    , snapshots(*database, runner, connections, clock)
    , engines(*database, runner, connections, clock)
    , operations(*database, runner, clock)
    , adoptions(*database, connections)
    , rebuild(*database, connections)
    , registries(*database, runner, registryAccess, credentials)
    , cleanup(*database, runner, clock)
    , retention(*database, clock)
    , schedules(*database, snapshots, cleanup)
    , orphans(*database, connections)
    , audit(*database)
    , settings(*database)
    , store(*database)
{ }

UseCases ApiFixture::Services::useCases()
{
    return {
        sandboxes,
        snapshots,
        engines,
        operations,
        adoptions,
        rebuild,
        registries,
        cleanup,
        retention,
        schedules,
        orphans,
        audit,
        settings,
        store,
        clock};
}

void ApiFixture::open()
{
    QFile document(u":/openapi/openapi.json"_s);
    QVERIFY(document.open(QIODevice::ReadOnly));
    m_contract = std::make_unique<Contract>(document.readAll());
    m_contractProblems.clear();
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<FakeClock>();
    auto database = Database::open(m_folder->filePath(u"data/sandglass.db"_s), *m_clock);
    QVERIFY2(database, database ? "" : qPrintable(database.error().summary()));
    m_services = std::make_unique<Services>(std::move(*database), *m_clock, dockerFolder());
    Engine engine;
    engine.name = local;
    engine.address = u"unix:///nonexistent/docker.sock"_s;
    engine.state = EngineState::Connected;
    store([&engine](Session &session) { return EngineRepository(session).insert(engine); });

    ApiOptions options;
    options.endpoint.port = 0;
    options.token = Secret(token);
    m_server = std::make_unique<ApiServer>(m_services->useCases(), metrics(), std::move(options));
    const auto url = m_server->start();
    QVERIFY2(url, url ? "" : qPrintable(url.error().summary()));
    QVERIFY(url->startsWith(u"http://127.0.0.1:"_s));
    m_port = quint16(QUrl(*url).port());
}

void ApiFixture::close()
{
    m_server.reset();
    m_services.reset();
    m_clock.reset();
    m_folder.reset();
}

ApiFixture::Answer ApiFixture::ask(
    const QByteArray &method,
    const QByteArray &target,
    const QByteArray &body,
    const QByteArrayList &headers)
{
    QByteArrayList all{"Authorization: Bearer " + token};
    if (!body.isEmpty())
        all.append("Content-Type: application/json");
    const auto answer =
        RawClient(m_port).ask(rawRequest(method, target, m_port, all + headers, body));
    if (!answer)
        return {};
    const QString pattern = patternOf(allRoutes(), method, target);
    if (!pattern.isEmpty()) {
        const QString problem = m_contract->problemOf(
            QString::fromLatin1(method), pattern, answer->status, answer->body);
        if (!problem.isEmpty())
            m_contractProblems.append(QString::fromLatin1(method + ' ' + target + ": ") + problem);
    }
    return {answer->status, answer->json(), answer->errorCode(), answer->body};
}

MetricsText ApiFixture::metrics()
{
    return [use = m_services->useCases()] { return metricsText(use); };
}

Router ApiFixture::allRoutes()
{
    return apiRouter(m_services->useCases(), metrics());
}

void ApiFixture::store(const std::function<Done(Session &)> &work)
{
    const Done done = m_services->database->write(work);
    QVERIFY2(done, done ? "" : qPrintable(done.error().summary()));
}

SandboxId ApiFixture::addSandbox(SandboxStatus status, SandboxOrigin origin)
{
    Sandbox sandbox;
    sandbox.id = SandboxId::generate();
    sandbox.namespaceName = team;
    sandbox.engine = local;
    sandbox.containerId = u"c0ffee"_s;
    sandbox.status = status;
    sandbox.origin = origin;
    sandbox.config.image = u"busybox:1"_s;
    sandbox.config.host = {{u"Memory"_s, 64 * 1024 * 1024}, {u"NanoCpus"_s, 500'000'000}};
    sandbox.createdAt = sandbox.changedAt = sandbox.confirmedAt = m_clock->now();
    store([&sandbox](Session &session) { return SandboxRepository(session).insert(sandbox); });
    return sandbox.id;
}

SnapshotId ApiFixture::addSnapshot(
    const SandboxId &sandbox, SnapshotStatus status, qint64 ttlSeconds, const QString &note)
{
    Snapshot snapshot;
    snapshot.id = SnapshotId::generate();
    snapshot.sandbox = sandbox;
    snapshot.namespaceName = team;
    snapshot.engine = local;
    snapshot.status = status;
    snapshot.note = note;
    snapshot.ttlSeconds = ttlSeconds;
    snapshot.createdAt = snapshot.changedAt = m_clock->now();
    snapshot.sizeBytes = 1234;
    snapshot.imageReference = u"sandglass-snapshots:x"_s;
    snapshot.config.image = u"busybox:1"_s;
    Location location;
    location.snapshot = snapshot.id;
    location.place = local.text();
    location.imageReference = snapshot.imageReference;
    location.changedAt = snapshot.createdAt;
    store([&](Session &session) -> Done {
        SANDGLASS_CHECK(SnapshotRepository(session).insert(snapshot));
        return SnapshotRepository(session).saveLocation(location);
    });
    return snapshot.id;
}

int ApiFixture::operationCount()
{
    return int(m_services->operations.list()->size());
}

QByteArray ApiFixture::pathOf(const SandboxId &id)
{
    return "/v1/namespaces/team/sandboxes/" + id.text().toLatin1();
}

QByteArray ApiFixture::pathOf(const SnapshotId &id)
{
    return "/v1/namespaces/team/snapshots/" + id.text().toLatin1();
}

} // namespace sandglass
