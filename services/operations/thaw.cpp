#include "services/operations/thaw.h"

#include "services/core/logging.h"
#include "services/operations/engineconnections.h"
#include "services/operations/processidentity.h"

#include <algorithm>
#include <chrono>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString pausedByUs = u"paused_by_us"_s;
const QString frozenSince = u"frozen_since"_s;
const QString frozenSinceSteady = u"frozen_since_steady"_s;
const QString frozenBy = u"frozen_by"_s;
const QString frozenMilliseconds = u"frozen_ms"_s;
const QString thaws = u"thaws"_s; // how often it went on since the operation began, by us or others

qint64 steadyNow()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

void rememberFreeze(QJsonObject &memory, Timestamp now)
{
    memory.insert(frozenSince, toMilliseconds(now));
    memory.insert(frozenSinceSteady, steadyNow());
    memory.insert(frozenBy, processIdentity());
}

/// The clock may have been set meanwhile, but only the process that froze it has another one.
qint64 frozenFor(const QJsonObject &memory, Timestamp now)
{
    if (memory[frozenBy].toString() == processIdentity())
        return steadyNow() - memory[frozenSinceSteady].toInteger();
    return std::max<qint64>(toMilliseconds(now) - memory[frozenSince].toInteger(), 0);
}

/// Pauses a container that we paused and of which the engine says that it runs. That works unless
/// the engine forgot the pause, and then the engine can only be told by hand.
Done pauseAgain(DockerClient &engine, const QString &containerId, const CancelToken &abort)
{
    const Done paused = engine.pauseContainer(containerId, abort);
    if (paused || !isForgottenPause(paused.error()))
        return paused;
    Error error = paused.error();
    error.detail = u"container %1 stands still although its engine says that it runs: the engine "
                   "was killed while it paused it, and forgot. On the engine's host, \"ctr "
                   "--namespace moby task resume %1\" lets it go on; \"docker restart --time 0 "
                   "%1\" does, too, but begins it anew"_s.arg(containerId);
    return failure(error);
}

/// Unpauses and checks; an engine that does not know the container, or knows it as not running,
/// leaves nothing to do.
Done unpause(DockerClient &engine, const QString &containerId, const CancelToken &abort)
{
    Done unpaused = engine.unpauseContainer(containerId, abort);
    auto after = engine.inspectContainer(containerId, WithSize::No, abort);
    if (after && !unpaused && after->running && !after->paused) {
        SANDGLASS_CHECK(pauseAgain(engine, containerId, abort));
        unpaused = engine.unpauseContainer(containerId, abort);
        after = engine.inspectContainer(containerId, WithSize::No, abort);
    }
    if (!after)
        return after.error().kind == ErrorKind::NotFound ? Done() : failure(after.error());
    if (!after->paused)
        return {};
    if (!unpaused)
        return unpaused;
    return failure(
        ErrorKind::Engine,
        u"the engine says it unpaused %1, but it is still paused"_s.arg(containerId));
}

} // namespace

bool isForgottenPause(const Error &error)
{
    return error.kind == ErrorKind::Engine
        && error.remoteMessage.contains("cannot pause a paused container"_L1);
}

Done freeze(StepContext &context, const QString &containerId)
{
    SANDGLASS_TRY(
        const ContainerDetails before,
        context.engine.inspectContainer(containerId, WithSize::No, context.abort));
    if (!before.running)
        return {};
    QJsonObject &memory = context.operation.memory;
    if (before.paused)
        return {}; // by us in an attempt before this one, or by somebody else: memory tells which
    if (memory[pausedByUs].toBool())
        memory.insert(thaws, thawsOf(context.operation) + 1);
    else
        rememberFreeze(memory, context.clock.now());
    SANDGLASS_CHECK(context.remember(pausedByUs, true));
    const Done paused = context.engine.pauseContainer(containerId, context.abort);
    SANDGLASS_TRY(
        const ContainerDetails after,
        context.engine.inspectContainer(containerId, WithSize::No, context.abort));
    if (after.paused || !after.running || (!paused && isForgottenPause(paused.error())))
        return {};
    if (!paused)
        return paused;
    return failure(
        ErrorKind::Engine, u"the engine says it paused %1, but it still runs"_s.arg(containerId));
}

Done thaw(StepContext &context)
{
    QJsonObject &memory = context.operation.memory;
    if (!memory[pausedByUs].toBool())
        return {};
    // Not with the operation's token: a cancelled operation thaws, too.
    SANDGLASS_CHECK(unpause(context.engine, memory["container"_L1].toString(), {}));
    memory.insert(frozenMilliseconds, frozenFor(memory, context.clock.now()));
    memory.insert(thaws, thawsOf(context.operation) + 1);
    memory.insert(pausedByUs, false);
    return {};
}

Done thawNow(StepContext &context)
{
    SANDGLASS_CHECK(thaw(context));
    return context.save();
}

int thawsOf(const Operation &operation)
{
    return operation.memory[thaws].toInt();
}

ThawOnCancel::ThawOnCancel(StepContext &context)
    : m_context(context)
    , m_containerId(context.operation.memory["container"_L1].toString())
    , m_isFrozenByUs(context.operation.memory[pausedByUs].toBool())
    , m_registration(context.cancel.onCancelled([this] {
        {
            const std::lock_guard lock(m_mutex);
            m_cancelled = true;
        }
        m_changed.notify_one();
    }))
    , m_thread([this] { watch(); })
{ }

ThawOnCancel::~ThawOnCancel()
{
    m_registration = {};
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void ThawOnCancel::watch()
{
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_cancelled || m_ended; });
        if (!m_cancelled)
            return;
    }
    if (!m_isFrozenByUs)
        return;
    const auto engine = m_context.connections.connect(m_context.operation.engine);
    const Done thawed = engine ? unpause(**engine, m_containerId, {}) : failure(engine.error());
    if (!thawed) // the undo does it again, until it works
        qCWarning(operationsLog) << "thaw on cancel:" << thawed.error().summary();
}

} // namespace sandglass
