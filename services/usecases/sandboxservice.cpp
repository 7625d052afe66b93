#include "services/usecases/sandboxservice.h"

#include "services/core/json.h"
#include "services/domain/imagereference.h"
#include "services/domain/ttl.h"
#include "services/operations/journal.h"
#include "services/operations/operationrunner.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"

#include <algorithm>
#include <cmath>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 smallestMemoryMegabytes = 6; // what an engine accepts at least
constexpr qint64 largestMemoryMegabytes = 64LL * 1024 * 1024; // 64 TiB
constexpr double mostCpus = 4096;
constexpr double nanosPerCpu = 1e9;

Done check(const CreateSandboxRequest &request)
{
    const auto refuse = [](const QString &why) { return failure(ErrorKind::InvalidArgument, why); };
    SANDGLASS_CHECK(validateImageReference(request.image));
    SANDGLASS_CHECK(checkSecretNames(request.secretNames));
    SANDGLASS_CHECK(checkDisplayName(request.displayName));
    if (request.cpus
        && !(std::isfinite(*request.cpus) && *request.cpus >= 0.01 && *request.cpus <= mostCpus))
        return refuse(u"the number of CPUs must be between 0.01 and %1"_s.arg(mostCpus));
    if (request.memoryMegabytes
        && (*request.memoryMegabytes < smallestMemoryMegabytes
            || *request.memoryMegabytes > largestMemoryMegabytes)) {
        return refuse(u"the memory must be between %1 and %2 MB"_s.arg(smallestMemoryMegabytes)
                          .arg(largestMemoryMegabytes));
    }
    if (request.timeoutSeconds < 0 || request.timeoutSeconds > largestTimeoutSeconds)
        return refuse(u"the timeout must be between 0 and %1 seconds"_s.arg(largestTimeoutSeconds));
    if (request.entrypoint
        && (request.entrypoint->isEmpty() || request.entrypoint->first().isEmpty()))
        return refuse(u"the entrypoint must name a program"_s);
    if (!request.networkMode.isEmpty() && !isWellFormedName(request.networkMode.toLower()))
        return refuse(u"\"%1\" is not a network"_s.arg(request.networkMode.left(80)));
    return {};
}

SandboxConfig configFrom(const CreateSandboxRequest &request)
{
    SandboxConfig config;
    config.image = request.image;
    config.timeoutSeconds = request.timeoutSeconds;
    config.secretNames = request.secretNames;
    // A shell as the image's command ends at once without a terminal to read from.
    config.container = {{u"Tty"_s, true}, {u"OpenStdin"_s, true}};
    if (request.entrypoint)
        config.container.insert("Entrypoint"_L1, toJsonArray(*request.entrypoint));
    if (request.cpus)
        config.host.insert("NanoCpus"_L1, std::llround(*request.cpus * nanosPerCpu));
    if (request.memoryMegabytes)
        config.host.insert("Memory"_L1, *request.memoryMegabytes * 1024 * 1024);
    if (!request.networkMode.isEmpty())
        config.host.insert("NetworkMode"_L1, request.networkMode);
    return config;
}

Result<EngineName> chooseEngine(Session &session, const std::optional<EngineName> &wanted)
{
    EngineRepository engines(session);
    if (wanted) {
        SANDGLASS_CHECK(engines.find(*wanted));
        return *wanted;
    }
    SANDGLASS_TRY(const QList<Engine> known, engines.list());
    if (known.isEmpty())
        return failure(ErrorKind::Conflict, u"no engine is known; add one first"_s);
    const auto connected = std::find_if(known.begin(), known.end(), [](const Engine &each) {
        return each.state == EngineState::Connected;
    });
    return connected == known.end() ? known.first().name : connected->name;
}

} // namespace

SandboxService::SandboxService(Database &database, OperationRunner &runner, const Clock &clock)
    : m_database(database)
    , m_runner(runner)
    , m_clock(clock)
{ }

Result<StartedSandbox> SandboxService::create(const CreateSandboxRequest &request)
{
    SANDGLASS_CHECK(check(request));
    Sandbox sandbox;
    sandbox.id = SandboxId::generate();
    sandbox.namespaceName = request.namespaceName;
    sandbox.displayName = request.displayName;
    sandbox.config = configFrom(request);
    sandbox.createdAt = sandbox.changedAt = sandbox.confirmedAt = m_clock.now();

    Operation operation = newOperation(
        OperationKind::CreateSandbox, request.namespaceName, request.caller, sandbox.createdAt);
    operation.sandbox = sandbox.id;
    operation.inputs = {{u"image"_s, request.image}};

    const IdempotencyKey key = idempotencyOf(
        request.idempotencyKey,
        {{u"config"_s, QString::fromUtf8(sandbox.config.toJson())},
         {u"name"_s, request.displayName},
         {u"engine"_s, request.engine ? request.engine->text() : QString()}});
    auto started = m_database.write([&](Session &session) -> Result<StartedSandbox> {
        OperationRepository operations(session);
        SANDGLASS_TRY(
            const auto repeated,
            operations.findRepeated(request.namespaceName, operation.kind, key));
        if (repeated)
            return StartedSandbox{repeated->sandbox, repeated->id};
        SANDGLASS_TRY(sandbox.engine, chooseEngine(session, request.engine));
        operation.engine = sandbox.engine;
        SANDGLASS_CHECK(SandboxRepository(session).insert(sandbox));
        SANDGLASS_CHECK(journal(session, operation, sandbox.id.text(), key));
        return StartedSandbox{sandbox.id, operation.id};
    });
    m_runner.wake();
    return started;
}

Result<QList<Sandbox>> SandboxService::list(const std::optional<NamespaceName> &namespaceName)
{
    return m_database.read([&namespaceName](Session &session) {
        return SandboxRepository(session).list(namespaceName);
    });
}

Result<Sandbox> SandboxService::find(const SandboxId &id)
{
    return m_database.read([&id](Session &session) { return SandboxRepository(session).find(id); });
}

Result<Sandbox> SandboxService::find(const NamespaceName &namespaceName, const SandboxId &id)
{
    SANDGLASS_TRY(const Sandbox sandbox, find(id));
    if (sandbox.namespaceName != namespaceName)
        return failure(ErrorKind::NotFound, u"sandbox %1"_s.arg(id.text()));
    return sandbox;
}

Result<OperationId> SandboxService::terminate(
    const NamespaceName &namespaceName,
    const SandboxId &id,
    const Caller &caller,
    AdoptedContainer adopted)
{
    const auto started = m_database.write([&](Session &session) -> Result<OperationId> {
        SandboxRepository sandboxes(session);
        SANDGLASS_TRY(Sandbox sandbox, sandboxes.find(id));
        if (sandbox.namespaceName != namespaceName)
            return failure(ErrorKind::NotFound, u"sandbox %1"_s.arg(id.text()));
        if (!canTerminate(sandbox.status)) {
            return failure(
                ErrorKind::Conflict,
                u"sandbox %1 is \"%2\" already"_s.arg(id.text(), nameOf(sandbox.status)));
        }
        if (sandbox.origin == SandboxOrigin::Adopted && adopted == AdoptedContainer::Keep) {
            return failure(
                ErrorKind::Conflict,
                u"sandbox %1 is container %2 (%3), which others made and Sandglass adopted; let it "
                u"go, or say that it may be removed"_s.arg(
                    id.text(), sandbox.displayName, sandbox.containerId));
        }
        Operation operation =
            newOperation(OperationKind::TerminateSandbox, namespaceName, caller, m_clock.now());
        operation.engine = sandbox.engine;
        operation.sandbox = id;

        sandbox.status = SandboxStatus::Terminating;
        sandbox.changedAt = operation.createdAt;
        SANDGLASS_CHECK(sandboxes.save(sandbox));
        SANDGLASS_CHECK(journal(session, operation, id.text()));
        return operation.id;
    });
    m_runner.wake();
    return started;
}

Done SandboxService::terminateTimedOut()
{
    SANDGLASS_TRY(const QList<Sandbox> sandboxes, list({}));
    for (const Sandbox &sandbox : sandboxes) {
        if (!canTerminate(sandbox.status) || sandbox.status == SandboxStatus::Pending
            || !isExpired(sandbox.createdAt, sandbox.config.timeoutSeconds, m_clock.now()))
            continue;
        const auto terminated = terminate(sandbox.namespaceName, sandbox.id, itself(u"timeout"_s));
        if (!terminated && terminated.error().kind != ErrorKind::Conflict)
            return failure(terminated.error());
    }
    return {};
}

} // namespace sandglass
