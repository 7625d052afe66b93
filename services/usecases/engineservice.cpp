#include "services/usecases/engineservice.h"

#include "services/domain/imagenotes.h"
#include "services/domain/imagereference.h"
#include "services/operations/engineconnections.h"
#include "services/operations/operationrunner.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "services/usecases/enginefacts.h"
#include "services/usecases/timelimit.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto probeLimit = 5s;
constexpr auto imagesLimit = 10s;

/// "1 sandbox, 2 snapshots"; empty when nothing hinders.
QString textOf(const EngineUse &use)
{
    QStringList parts;
    const auto count = [&parts](int number, const QString &one, const QString &many) {
        if (number > 0)
            parts.append(QString::number(number) + u' ' + (number == 1 ? one : many));
    };
    count(use.sandboxes, u"sandbox"_s, u"sandboxes"_s);
    count(use.snapshots, u"snapshot"_s, u"snapshots"_s);
    count(use.operations, u"unfinished operation"_s, u"unfinished operations"_s);
    return parts.join(u", "_s);
}

} // namespace

EngineService::EngineService(
    Database &database, OperationRunner &runner, EngineConnections &connections, const Clock &clock)
    : m_database(database)
    , m_runner(runner)
    , m_connections(connections)
    , m_clock(clock)
{ }

Result<QList<Engine>> EngineService::list()
{
    return m_database.read([](Session &session) { return EngineRepository(session).list(); });
}

Result<Engine> EngineService::find(const EngineName &name)
{
    return m_database.read(
        [&name](Session &session) { return EngineRepository(session).find(name); });
}

Done EngineService::add(const EngineName &name, const EngineAddress &address, const Caller &caller)
{
    Engine engine;
    engine.name = name;
    engine.setAddress(address);
    const Done added = m_database.write([&](Session &session) -> Done {
        SANDGLASS_CHECK(EngineRepository(session).insert(engine));
        return appendAudit(
            session, {caller, u"add_engine"_s, name.text(), u"at "_s + engine.address, {}});
    });
    m_runner.wake();
    return added;
}

Done EngineService::change(
    const EngineName &name, const EngineAddress &address, const Caller &caller)
{
    return m_database.write([&](Session &session) -> Done {
        EngineRepository engines(session);
        SANDGLASS_TRY(const Engine known, engines.find(name));
        Engine engine;
        engine.name = name;
        engine.setAddress(address);
        if (known.address == engine.address && known.tls == engine.tls)
            return {};
        SANDGLASS_CHECK(engines.save(engine));
        return appendAudit(
            session,
            {caller,
             u"change_engine"_s,
             name.text(),
             u"from %1 to %2"_s.arg(known.address, engine.address),
             {}});
    });
}

Done EngineService::remove(const EngineName &name, const Caller &caller)
{
    return m_database.write([&](Session &session) -> Done {
        EngineRepository engines(session);
        SANDGLASS_CHECK(engines.find(name));
        SANDGLASS_TRY(const EngineUse use, engines.useOf(name));
        if (const QString what = textOf(use); !what.isEmpty()) {
            return failure(ErrorKind::Conflict, u"engine %1 still has %2"_s.arg(name.text(), what));
        }
        SANDGLASS_CHECK(engines.remove(name));
        return appendAudit(session, {caller, u"remove_engine"_s, name.text(), u"removed"_s, {}});
    });
}

Result<Engine> EngineService::probe(const EngineAddress &address)
{
    const TimeLimit limit(probeLimit);
    Engine engine;
    engine.setAddress(address);
    SANDGLASS_TRY(const auto client, DockerClient::connect(address, limit.token()));
    SANDGLASS_TRY(const EngineInfo info, client->info(limit.token()));
    applyFacts(engine, *client, info, m_clock.now());
    return engine;
}

Result<QStringList> EngineService::images(const EngineName &name)
{
    const TimeLimit limit(imagesLimit);
    SANDGLASS_TRY(const auto client, m_connections.connect(name, limit.token()));
    SANDGLASS_TRY(const QList<ImageSummary> images, client->images({}, limit.token()));
    QStringList references;
    for (const ImageSummary &image : images) {
        for (const QString &tag : image.tags) {
            if (!tag.startsWith(snapshotRepository + u':') && !tag.startsWith(baseRepository + u':')
                && !isNoteName(tag))
                references.append(tag);
        }
    }
    references.sort();
    return references;
}

} // namespace sandglass
