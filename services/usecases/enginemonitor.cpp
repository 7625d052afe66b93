#include "services/usecases/enginemonitor.h"

#include "services/core/background.h"
#include "services/core/logging.h"
#include "services/domain/enginewarnings.h"
#include "services/operations/engineconnections.h"
#include "services/storage/changefeed.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "services/usecases/enginesync.h"
#include "services/usecases/sandboxservice.h"

#include <algorithm>
#include <chrono>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto tickInterval = 1s;
constexpr auto fullLookInterval = 5min;
constexpr auto checkInterval = 15s;
constexpr auto timeoutInterval = 5s; // how much later than its timeout a sandbox may end
constexpr auto shortestRetry = 1s;
constexpr auto longestRetry = 15s;
constexpr auto shortStream = 5s; // a stream that ends earlier is one that the engine refuses
constexpr auto eventGathering = 100ms; // one look for a burst of events
constexpr auto ownEventGathering = 5s; // what an operation does, it writes down itself
constexpr int restFactor = 19; // of the time, looking at a busy engine takes a twentieth
constexpr qint64 longestRest = 2'000;
constexpr int mostThreads =
    32; // each engine needs one at a time; a dead one must not take another's

qint64 steadyNow()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::chrono::milliseconds retryDelay(int failures)
{
    const int doublings = std::clamp(failures - 1, 0, 10);
    return std::min<std::chrono::milliseconds>(shortestRetry * (1 << doublings), longestRetry);
}

/// Events that can change what the store holds: not exec, attach, top and the like.
bool isNews(const EngineEvent &event, const QSet<QString> &adopted)
{
    static const QStringList containerActions{
        u"create"_s,
        u"start"_s,
        u"die"_s,
        u"pause"_s,
        u"unpause"_s,
        u"destroy"_s,
        u"commit"_s,
        u"rename"_s};
    static const QStringList imageActions{u"delete"_s, u"untag"_s, u"tag"_s, u"load"_s, u"pull"_s};
    if (event.type == "container"_L1)
        return containerActions.contains(event.action)
            && (event.attributes.contains(label::sandboxId) || adopted.contains(event.actorId));
    return event.type == "image"_L1 && imageActions.contains(event.action);
}

/// Whose snapshot it may be that causes the event; empty when it is of another kind.
SandboxId sandboxOfSnapshot(const EngineEvent &event)
{
    static const QStringList containerActions{u"pause"_s, u"unpause"_s, u"commit"_s};
    if (event.type == "container"_L1 && containerActions.contains(event.action))
        return SandboxId::trusted(event.attributes.value(label::sandboxId));
    if (event.type == "image"_L1 && event.action == "tag"_L1)
        return SandboxId::trusted(event.attributes.value(label::snapshotSandbox));
    return {};
}

} // namespace

EngineMonitor::EngineMonitor(
    Database &database,
    EngineConnections &connections,
    OperationRunner &runner,
    SandboxService &sandboxes,
    const ChangeFeed &feed,
    const Clock &clock,
    QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_connections(connections)
    , m_runner(runner)
    , m_sandboxes(sandboxes)
    , m_clock(clock)
{
    m_pool.setMaxThreadCount(mostThreads);
    connect(&feed, &ChangeFeed::changed, this, &EngineMonitor::notice);
    m_timer.setInterval(tickInterval);
    connect(&m_timer, &QTimer::timeout, this, &EngineMonitor::tick);
    m_timer.start();
    reloadEngines();
    reloadAdopted();
}

EngineMonitor::~EngineMonitor()
{
    m_stop.cancel();
    m_engines.clear();
    m_pool.waitForDone();
}

void EngineMonitor::notice(const QList<Change> &changes)
{
    const auto haveSubject = [&changes](Change::Subject subject) {
        return std::any_of(changes.begin(), changes.end(), [subject](const Change &change) {
            return change.subject == subject;
        });
    };
    if (haveSubject(Change::Subject::Engine))
        reloadEngines();
    if (haveSubject(Change::Subject::Sandbox))
        reloadAdopted();
    if (haveSubject(Change::Subject::Snapshot))
        reloadNotes();
}

void EngineMonitor::reloadEngines()
{
    inBackground(
        m_pool,
        this,
        [&database = m_database] {
            return database.read([](Session &session) { return EngineRepository(session).list(); });
        },
        [this](const Result<QList<Engine>> &engines) {
            if (!engines) {
                qCWarning(usecasesLog) << "read the engines:" << engines.error().summary();
                return;
            }
            std::map<EngineName, Watched> watched;
            for (const Engine &engine : *engines) {
                const auto address = engine.parsedAddress();
                if (!address) {
                    qCWarning(usecasesLog) << engine.name.text() << address.error().summary();
                    continue;
                }
                if (auto known = m_engines.extract(engine.name); !known.empty())
                    watched.insert(std::move(known));
                if (Watched &one = watched[engine.name]; one.address != *address)
                    moveTo(*address, engine.name, one);
            }
            for (const auto &[name, gone] : m_engines)
                m_connections.forget(name);
            m_engines = std::move(watched);
            tick();
        });
}

void EngineMonitor::moveTo(const EngineAddress &address, const EngineName &name, Watched &engine)
{
    engine.address = address;
    engine.events.reset();
    engine.connected = false;
    engine.shortStreams = 0;
    engine.nextFollowAt = 0;
    engine.nextLookAt = 0;
    const QStringList warnings = warningsFor(address);
    for (const QString &warning : warnings)
        qCWarning(usecasesLog).noquote() << name.text() + u':' << warning;
}

void EngineMonitor::reloadAdopted()
{
    inBackground(
        m_pool,
        this,
        [&database = m_database] {
            return database.read(
                [](Session &session) { return SandboxRepository(session).adoptedContainers(); });
        },
        [this](const Result<QSet<QString>> &containers) {
            if (!containers) {
                qCWarning(usecasesLog)
                    << "read the adopted containers:" << containers.error().summary();
                return;
            }
            if (m_adopted == *containers)
                return;
            m_adopted = *containers;
            lookSoonEverywhere(); // their events were no news until now
        });
}

void EngineMonitor::reloadNotes()
{
    inBackground(
        m_pool,
        this,
        [&database = m_database] {
            return database.read(
                [](Session &session) { return SnapshotRepository(session).notes(); });
        },
        [this](const Result<QHash<SnapshotId, ImageNotes>> &notes) {
            if (!notes) {
                qCWarning(usecasesLog) << "read the notes:" << notes.error().summary();
                return;
            }
            if (m_notes == *notes)
                return;
            m_notes = *notes;
            lookSoonEverywhere(); // they become names of images there
        });
}

void EngineMonitor::tick()
{
    const qint64 now = steadyNow();
    const bool jumped = m_clockJump.occurred(m_clock.now(), std::chrono::milliseconds(now));
    if (jumped)
        m_nextTerminationAt = 0;
    for (auto &[name, engine] : m_engines) {
        // After a suspension the stream may be dead without a word.
        if (jumped || !m_runner.drives(name)) {
            engine.events.reset();
            engine.connected = false;
        }
        if (jumped || !m_runner.drives(name))
            engine.nextLookAt = now; // whoever drove it meanwhile followed its events, not we
        if (!m_runner.drives(name))
            continue;
        if (now >= engine.nextLookAt)
            look(name);
        else if (engine.connected && now >= engine.nextCheckAt)
            check(name);
    }
    terminateTimedOut();
}

void EngineMonitor::look(const EngineName &name)
{
    Watched &engine = m_engines.at(name);
    if (engine.looking) {
        engine.lookAgain = true;
        return;
    }
    engine.looking = true;
    engine.lookAgain = false;
    engine.lookedFrom = steadyNow();
    const bool isFollowed = engine.connected && engine.events;
    const LookAt what =
        isFollowed && engine.lookedFrom < engine.nextLookAt ? LookAt::Objects : LookAt::Everything;
    inBackground(
        m_pool,
        this,
        [&database = m_database, &connections = m_connections, name, what, stop = m_stop] {
            return syncEngine(database, connections, name, what, stop);
        },
        [this, name](const Result<EngineLook> &result) { looked(name, result); });
}

void EngineMonitor::lookWithin(std::chrono::milliseconds gathering, const EngineName &name)
{
    Watched &engine = m_engines.at(name);
    const qint64 now = steadyNow();
    const qint64 dueAt = std::max<qint64>(now + gathering.count(), engine.restsUntil);
    if (engine.lookDueAt > 0 && engine.lookDueAt <= dueAt)
        return;
    engine.lookDueAt = dueAt;
    QTimer::singleShot(std::chrono::milliseconds(dueAt - now), this, [this, name, dueAt] {
        const auto it = m_engines.find(name);
        if (it == m_engines.end() || it->second.lookDueAt != dueAt)
            return;
        it->second.lookDueAt = 0;
        if (it->second.connected)
            look(name);
    });
}

void EngineMonitor::lookSoonEverywhere()
{
    for (const auto &[name, engine] : m_engines) {
        if (engine.connected)
            lookWithin(eventGathering, name);
    }
}

void EngineMonitor::looked(const EngineName &name, const Result<EngineLook> &result)
{
    const auto it = m_engines.find(name);
    if (it == m_engines.end())
        return;
    Watched &engine = it->second;
    engine.looking = false;
    if (!result) {
        lost(name, result.error());
        return;
    }
    if (result->endpoint.address != engine.address) { // it moved meanwhile
        look(name);
        return;
    }
    const qint64 now = steadyNow();
    if (result->engineTime)
        engine.nextLookAt = now + std::chrono::milliseconds(fullLookInterval).count();
    engine.nextCheckAt = now + std::chrono::milliseconds(checkInterval).count();
    engine.restsUntil = now + std::min(restFactor * (now - engine.lookedFrom), longestRest);
    engine.failures = 0;
    if (!engine.connected) {
        engine.connected = true;
        m_runner.retryNow(name);
    }
    if (!engine.events && result->engineTime && now >= engine.nextFollowAt)
        follow(name, *result, *result->engineTime);
    else if (!engine.events)
        engine.nextLookAt = engine.nextFollowAt;
    if (engine.lookAgain)
        lookWithin(eventGathering, name);
}

void EngineMonitor::follow(const EngineName &name, const EngineLook &look, Timestamp since)
{
    Watched &engine = m_engines.at(name);
    const qint64 nanoseconds =
        std::chrono::duration_cast<std::chrono::nanoseconds>(since.time_since_epoch()).count();
    engine.events = std::make_unique<EventStream>(look.endpoint, look.api, nanoseconds);
    engine.followedAt = steadyNow();
    connect(
        engine.events.get(), &EventStream::received, this, [this, name](const EngineEvent &event) {
            if (!isNews(event, m_adopted))
                return;
            // A deletion may wait for a container of somebody else to go.
            if (event.action == "destroy"_L1)
                m_runner.retryNow(name);
            if (m_engines.contains(name))
                lookWithin(gatheringFor(event), name);
        });
    connect(engine.events.get(), &EventStream::ended, this, [this, name](const Error &error) {
        const auto it = m_engines.find(name);
        if (it == m_engines.end())
            return;
        Watched &ended = it->second;
        ended.events.release()->deleteLater(); // it is the sender
        qCInfo(usecasesLog) << name.text() << "events ended:" << error.summary();
        const qint64 now = steadyNow();
        if (now - ended.followedAt < std::chrono::milliseconds(shortStream).count()) {
            // The engine works, but for its events: it is looked at now and then instead.
            ended.nextFollowAt = now + retryDelay(++ended.shortStreams).count();
            ended.nextLookAt = ended.nextFollowAt;
            return;
        }
        // The end of the stream is a reason to ask, not an answer (fact V3).
        ended.shortStreams = 0;
        ended.connected = false;
        ended.nextLookAt = 0;
        this->look(name);
    });
}

std::chrono::milliseconds EngineMonitor::gatheringFor(const EngineEvent &event) const
{
    return m_runner.worksOn(sandboxOfSnapshot(event)) ? ownEventGathering : eventGathering;
}

void EngineMonitor::check(const EngineName &name)
{
    Watched &engine = m_engines.at(name);
    if (engine.looking)
        return;
    engine.looking = true;
    engine.nextCheckAt = steadyNow() + std::chrono::milliseconds(checkInterval).count();
    inBackground(
        m_pool,
        this,
        [&database = m_database, &connections = m_connections, name, stop = m_stop] {
            return checkEngine(database, connections, name, stop);
        },
        [this, name](const Done &checked) {
            const auto it = m_engines.find(name);
            if (it == m_engines.end())
                return;
            it->second.looking = false;
            if (!checked)
                lost(name, checked.error());
        });
}

void EngineMonitor::lost(const EngineName &name, const Error &error)
{
    Watched &engine = m_engines.at(name);
    engine.events.reset();
    engine.connected = false;
    ++engine.failures;
    const auto delay = retryDelay(engine.failures);
    engine.nextLookAt = steadyNow() + delay.count();
    const Timestamp nextAttempt = m_clock.now() + delay;
    qCInfo(usecasesLog) << name.text() << "lost:" << error.summary();
    inBackground(
        m_pool,
        this,
        [&database = m_database, name, error, nextAttempt] {
            return markUnreachable(database, name, error, nextAttempt);
        },
        [](const Done &marked) {
            if (!marked)
                qCWarning(usecasesLog) << "mark an engine:" << marked.error().summary();
        });
}

void EngineMonitor::terminateTimedOut()
{
    if (m_terminating || steadyNow() < m_nextTerminationAt)
        return;
    m_terminating = true;
    m_nextTerminationAt = steadyNow() + std::chrono::milliseconds(timeoutInterval).count();
    inBackground(
        m_pool,
        this,
        [&sandboxes = m_sandboxes] { return sandboxes.terminateTimedOut(); },
        [this](const Done &terminated) {
            m_terminating = false;
            if (!terminated)
                qCWarning(usecasesLog)
                    << "terminate timed-out sandboxes:" << terminated.error().summary();
        });
}

} // namespace sandglass
