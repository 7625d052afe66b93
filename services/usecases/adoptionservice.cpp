#include "services/usecases/adoptionservice.h"

#include "services/operations/containerspec.h"
#include "services/operations/engineconnections.h"
#include "services/operations/sandboxsteps.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/operationrepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/usecases/timelimit.h"

#include <QHash>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto askLimit = 10s;
constexpr int longestDisplayName = 128;

Result<QHash<QString, SandboxId>> sandboxesByContainer(Database &database, const EngineName &engine)
{
    SANDGLASS_TRY(const QList<Sandbox> sandboxes, database.read([&engine](Session &session) {
        return SandboxRepository(session).onEngine(engine);
    }));
    QHash<QString, SandboxId> byContainer;
    for (const Sandbox &sandbox : sandboxes)
        byContainer.insert(sandbox.containerId, sandbox.id);
    return byContainer;
}

bool comesFirst(const EngineContainer &left, const EngineContainer &right)
{
    const bool leftIsTheirs = left.maker == ContainerMaker::Indexify;
    const bool rightIsTheirs = right.maker == ContainerMaker::Indexify;
    return leftIsTheirs != rightIsTheirs ? leftIsTheirs : left.name < right.name;
}

Done checkAdoptable(const ContainerDetails &container)
{
    if (makerOf(container.name, container.labels) == ContainerMaker::Sandglass) {
        return failure(
            ErrorKind::Conflict,
            u"container %1 is Sandglass's own; if its sandbox is not in the list, rebuild it from "
            u"the engines"_s.arg(container.name));
    }
    if (container.state == "removing"_L1 || container.state == "dead"_L1) {
        return failure(
            ErrorKind::Conflict, u"container %1 is \"%2\""_s.arg(container.name, container.state));
    }
    return {};
}

Sandbox adoptedSandbox(const ContainerDetails &container, const AdoptRequest &request)
{
    Sandbox sandbox;
    sandbox.id = SandboxId::generate();
    sandbox.namespaceName = request.namespaceName;
    sandbox.displayName = request.displayName.isEmpty() ? container.name.left(longestDisplayName)
                                                        : request.displayName;
    sandbox.engine = request.engine;
    sandbox.origin = SandboxOrigin::Adopted;
    sandbox.containerId = container.id;
    sandbox.status = statusOf(container.state);
    sandbox.config.image = container.image;
    sandbox.config.secretNames = request.secretNames;
    sandbox.config = configOf(container, sandbox);
    return sandbox;
}

/// The sandbox that the container is already; nothing when it is none.
Result<std::optional<Sandbox>> findAdopted(Session &session, const Sandbox &wanted)
{
    SANDGLASS_TRY(
        const QList<Sandbox> sandboxes, SandboxRepository(session).onEngine(wanted.engine));
    const auto known =
        std::find_if(sandboxes.begin(), sandboxes.end(), [&wanted](const Sandbox &each) {
            return each.containerId == wanted.containerId;
        });
    if (known == sandboxes.end())
        return std::optional<Sandbox>();
    if (known->namespaceName != wanted.namespaceName) {
        return failure(
            ErrorKind::Conflict,
            u"container %1 is a sandbox of namespace %2"_s.arg(
                wanted.displayName, known->namespaceName.text()));
    }
    return std::optional(*known);
}

/// A snapshot that is being taken may have frozen the container, and must be able to thaw it.
Done checkIdle(Session &session, const SandboxId &id)
{
    SANDGLASS_TRY(const QList<Operation> operations, OperationRepository(session).unfinished());
    for (const Operation &operation : operations) {
        if (operation.sandbox == id) {
            return failure(
                ErrorKind::Conflict,
                u"operation %1 (%2) works on sandbox %3; wait for it, or cancel it"_s.arg(
                    operation.id.text(), nameOf(operation.kind), id.text()));
        }
    }
    return {};
}

} // namespace

bool EngineContainer::isAdoptable() const
{
    return maker != ContainerMaker::Sandglass && sandbox.isEmpty() && state != "removing"_L1
        && state != "dead"_L1;
}

Result<QList<EngineContainer>> AdoptionService::containers(const EngineName &engine)
{
    const TimeLimit limit(askLimit);
    SANDGLASS_TRY(const auto client, m_connections.reopen(engine, limit.token()));
    SANDGLASS_TRY(const QList<ContainerSummary> listed, client->containers({}, limit.token()));
    SANDGLASS_TRY(const auto sandboxes, sandboxesByContainer(m_database, engine));
    QList<EngineContainer> containers;
    for (const ContainerSummary &summary : listed) {
        EngineContainer container;
        container.id = summary.id;
        container.name = summary.names.value(0);
        container.image = summary.image;
        container.state = summary.state;
        container.maker = makerOf(container.name, summary.labels);
        container.createdAt = summary.createdAt;
        container.sandbox = sandboxes.value(summary.id);
        containers.append(container);
    }
    std::sort(containers.begin(), containers.end(), comesFirst);
    return containers;
}

Result<Sandbox> AdoptionService::adopt(const AdoptRequest &request)
{
    SANDGLASS_CHECK(checkDisplayName(request.displayName));
    SANDGLASS_CHECK(checkSecretNames(request.secretNames));
    const TimeLimit limit(askLimit);
    SANDGLASS_TRY(const auto client, m_connections.reopen(request.engine, limit.token()));
    SANDGLASS_TRY(
        const ContainerDetails container,
        client->inspectContainer(request.container, WithSize::No, limit.token()));
    SANDGLASS_CHECK(checkAdoptable(container));
    return m_database.write([&](Session &session) -> Result<Sandbox> {
        Sandbox sandbox = adoptedSandbox(container, request);
        SANDGLASS_TRY(const auto known, findAdopted(session, sandbox));
        if (known)
            return *known;
        sandbox.createdAt = sandbox.changedAt = sandbox.confirmedAt = session.now();
        SANDGLASS_CHECK(SandboxRepository(session).insert(sandbox));
        SANDGLASS_CHECK(appendAudit(
            session,
            {request.caller,
             u"adopt_sandbox"_s,
             sandbox.id.text(),
             u"adopted container %1 (%2)"_s.arg(container.name, container.id),
             {}}));
        return SandboxRepository(session).find(sandbox.id);
    });
}

Done AdoptionService::release(
    const NamespaceName &namespaceName, const SandboxId &id, const Caller &caller)
{
    return m_database.write([&](Session &session) -> Done {
        SandboxRepository sandboxes(session);
        SANDGLASS_TRY(Sandbox sandbox, sandboxes.find(id));
        if (sandbox.namespaceName != namespaceName)
            return failure(ErrorKind::NotFound, u"sandbox %1"_s.arg(id.text()));
        if (sandbox.origin != SandboxOrigin::Adopted) {
            return failure(
                ErrorKind::Conflict,
                u"sandbox %1 was not adopted; Sandglass made its container, and can only "
                u"terminate it"_s.arg(id.text()));
        }
        if (!canTerminate(sandbox.status)) {
            return failure(
                ErrorKind::Conflict,
                u"sandbox %1 is \"%2\" already"_s.arg(id.text(), nameOf(sandbox.status)));
        }
        SANDGLASS_CHECK(checkIdle(session, id));
        sandbox.status = SandboxStatus::Released;
        sandbox.error.clear();
        sandbox.changedAt = session.now();
        SANDGLASS_CHECK(sandboxes.save(sandbox));
        return appendAudit(
            session,
            {caller,
             u"release_sandbox"_s,
             id.text(),
             u"let go of container %1"_s.arg(sandbox.containerId),
             {}});
    });
}

} // namespace sandglass
