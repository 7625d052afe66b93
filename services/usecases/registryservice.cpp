#include "services/usecases/registryservice.h"

#include "services/core/logging.h"
#include "services/domain/restoreplan.h"
#include "services/operations/journal.h"
#include "services/operations/operationrunner.h"
#include "services/operations/registryaccess.h"
#include "services/operations/transferrequest.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/registryrepository.h"
#include "services/storage/snapshotrepository.h"
#include "services/usecases/registrycheck.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Where it is in words, for the audit.
QString textOf(const Registry &registry)
{
    return registry.host + u'/' + registry.repository;
}

/// What the work with it found out stays true as long as it is the same one.
void keepFindings(Registry &registry, const Registry &known)
{
    if (textOf(registry) != textOf(known))
        return;
    registry.deletes = known.deletes;
    registry.listsCatalog = known.listsCatalog;
    registry.rateLimit = known.rateLimit;
    registry.pausedUntil = known.pausedUntil;
    registry.lastSeenAt = known.lastSeenAt;
    registry.error = known.error;
}

Done checkUse(const RegistryName &name, const RegistryUse &use, LeaveSnapshots leave)
{
    if (use.operations > 0) {
        return failure(
            ErrorKind::Conflict,
            u"registry %1 still has %2 unfinished operations"_s.arg(name.text())
                .arg(use.operations));
    }
    if (use.locations > 0 && leave == LeaveSnapshots::No) {
        return failure(
            ErrorKind::Conflict,
            u"registry %1 still has %2 snapshots"_s.arg(name.text()).arg(use.locations));
    }
    return {};
}

/// The engine to push from: where it was made, or else any that has it.
std::optional<EngineName> engineWith(const Snapshot &snapshot)
{
    std::optional<EngineName> engine;
    for (const Location &location : snapshot.locations) {
        if (location.kind != LocationKind::Engine || location.state != LocationState::Present)
            continue;
        if (!engine || location.place == snapshot.engine.text())
            engine = EngineName::trusted(location.place);
    }
    return engine;
}

Result<Snapshot> activeSnapshot(Session &session, const TransferRequest &request)
{
    SANDGLASS_TRY(const Snapshot snapshot, SnapshotRepository(session).find(request.snapshot));
    if (snapshot.namespaceName != request.namespaceName)
        return failure(ErrorKind::NotFound, u"snapshot %1"_s.arg(request.snapshot.text()));
    if (snapshot.status != SnapshotStatus::Active) {
        return failure(
            ErrorKind::Conflict,
            u"snapshot %1 is \"%2\""_s.arg(snapshot.id.text(), nameOf(snapshot.status)));
    }
    return snapshot;
}

/// The registry that this one takes the place of; nothing when it is new. Conflict when it has
/// snapshots that would be looked for elsewhere.
Result<std::optional<Registry>> replacedBy(Session &session, const Registry &registry)
{
    RegistryRepository registries(session);
    const auto known = registries.find(registry.name);
    if (!known) {
        return known.error().kind == ErrorKind::NotFound
            ? Result<std::optional<Registry>>(std::nullopt)
            : failure(known.error());
    }
    if (textOf(*known) != textOf(registry)) {
        SANDGLASS_TRY(const RegistryUse use, registries.useOf(registry.name));
        SANDGLASS_CHECK(checkUse(registry.name, use, LeaveSnapshots::No));
    }
    return std::optional(*known);
}

} // namespace

RegistryService::RegistryService(
    Database &database,
    OperationRunner &runner,
    RegistryAccess &access,
    RegistryCredentials &credentials)
    : m_database(database)
    , m_runner(runner)
    , m_access(access)
    , m_credentials(credentials)
{ }

Result<QList<Registry>> RegistryService::list()
{
    return m_database.read([](Session &session) { return RegistryRepository(session).list(); });
}

Result<Registry> RegistryService::find(const RegistryName &name)
{
    return m_database.read(
        [&name](Session &session) { return RegistryRepository(session).find(name); });
}

Done RegistryService::put(const PutRegistryRequest &request)
{
    Registry registry = request.registry;
    if (request.credential) {
        registry.credentialSource = CredentialSource::Keychain;
        registry.username = request.credential->username;
    }
    SANDGLASS_CHECK(validateRegistry(registry));
    // Before the keychain is written, so that a request that is refused changes nothing there.
    const auto check = [&registry](Session &session) { return replacedBy(session, registry); };
    SANDGLASS_TRY(const std::optional<Registry> before, m_database.read(check));
    if (request.credential)
        SANDGLASS_CHECK(m_credentials.keep(registry, *request.credential, {}));
    SANDGLASS_CHECK(m_database.write([&](Session &session) -> Done {
        RegistryRepository registries(session);
        SANDGLASS_TRY(const std::optional<Registry> known, check(session));
        if (known)
            keepFindings(registry, *known);
        SANDGLASS_CHECK(registries.save(registry));
        return appendAudit(
            session,
            {request.caller,
             known ? u"change_registry"_s : u"add_registry"_s,
             registry.name.text(),
             u"at %1, %2 %3"_s.arg(
                 textOf(registry), nameOf(registry.credentialSource), registry.username),
             request.credential ? u"with a new credential"_s : QString()});
    }));
    const bool leavesCredential = before && before->credentialSource == CredentialSource::Keychain
        && (registry.credentialSource != CredentialSource::Keychain
            || keychainKey(before->host, before->username)
                != keychainKey(registry.host, registry.username));
    return leavesCredential ? forgetCredential(*before) : Done();
}

Done RegistryService::remove(const RegistryName &name, LeaveSnapshots leave, const Caller &caller)
{
    SANDGLASS_TRY(
        const Registry removed, m_database.write([&](Session &session) -> Result<Registry> {
            RegistryRepository registries(session);
            SANDGLASS_TRY(const Registry registry, registries.find(name));
            SANDGLASS_TRY(const RegistryUse use, registries.useOf(name));
            SANDGLASS_CHECK(checkUse(name, use, leave));
            SANDGLASS_CHECK(registries.remove(name));
            SANDGLASS_CHECK(appendAudit(
                session,
                {caller,
                 u"remove_registry"_s,
                 name.text(),
                 use.locations > 0 ? u"removed; %1 snapshots were left there"_s.arg(use.locations)
                                   : u"removed"_s,
                 {}}));
            return registry;
        }));
    return forgetCredential(removed);
}

Done RegistryService::removeCredential(const RegistryName &name, const Caller &caller)
{
    SANDGLASS_TRY(const Registry known, find(name));
    if (known.credentialSource != CredentialSource::Keychain)
        return failure(ErrorKind::NotFound, u"a credential of registry %1"_s.arg(name.text()));
    Registry registry = known;
    registry.credentialSource = CredentialSource::Anonymous;
    registry.username.clear();
    return put({registry, {}, caller});
}

/// One that another registry of the same host and user has, too, stays.
Done RegistryService::forgetCredential(const Registry &registry)
{
    if (registry.credentialSource != CredentialSource::Keychain)
        return {};
    const QString key = keychainKey(registry.host, registry.username);
    SANDGLASS_TRY(const QList<Registry> all, list());
    const bool isShared = std::any_of(all.begin(), all.end(), [&](const Registry &other) {
        return other.name != registry.name && other.credentialSource == CredentialSource::Keychain
            && keychainKey(other.host, other.username) == key;
    });
    return isShared ? Done() : m_credentials.forget(registry.host, registry.username, {});
}

Result<RegistryProbe>
RegistryService::test(const Registry &registry, const std::optional<Credential> &credential)
{
    std::optional<Credential> used = credential;
    Registry tested = registry;
    if (credential) {
        tested.credentialSource = CredentialSource::Keychain;
        tested.username = credential->username;
    }
    SANDGLASS_CHECK(validateRegistry(tested));
    if (!used) {
        SANDGLASS_TRY(used, m_credentials.of(tested, {}));
    }
    const RegistryProbe probe = probeRegistry(tested, used);
    const auto known = find(tested.name);
    if (!known || textOf(*known) != textOf(tested))
        return probe;
    const Done noted = m_database.write([&](Session &session) -> Done {
        RegistryRepository registries(session);
        SANDGLASS_TRY(Registry now, registries.find(tested.name));
        now.deletes = probe.deletes;
        now.listsCatalog = probe.listsCatalog;
        now.rateLimit = probe.rateLimit;
        return registries.save(now);
    });
    if (!noted)
        return failure(noted.error());
    return probe;
}

Result<OperationId> RegistryService::begin(
    OperationKind kind,
    const TransferRequest &request,
    const QString &place,
    const std::function<Result<OperationId>(Session &, const Snapshot &, const IdempotencyKey &)>
        &journal)
{
    const IdempotencyKey key = idempotencyOf(
        request.idempotencyKey, {{u"snapshot"_s, request.snapshot.text()}, {u"place"_s, place}});
    const auto started = m_database.write([&](Session &session) -> Result<OperationId> {
        SANDGLASS_TRY(
            const auto repeated,
            OperationRepository(session).findRepeated(request.namespaceName, kind, key));
        if (repeated)
            return repeated->id;
        SANDGLASS_TRY(const Snapshot snapshot, activeSnapshot(session, request));
        return journal(session, snapshot, key);
    });
    m_runner.wake();
    return started;
}

Result<OperationId>
RegistryService::push(const TransferRequest &request, const RegistryName &registry)
{
    return begin(
        OperationKind::PushSnapshot,
        request,
        registry.text(),
        [&](Session &session,
            const Snapshot &snapshot,
            const IdempotencyKey &key) -> Result<OperationId> {
            SANDGLASS_TRY(const Registry known, RegistryRepository(session).find(registry));
            const auto engine = engineWith(snapshot);
            if (!engine) {
                return failure(
                    ErrorKind::Conflict,
                    u"snapshot %1 is on no engine; pull it to one first"_s.arg(snapshot.id.text()));
            }
            return requestPush(session, snapshot, *engine, known, request.caller, key);
        });
}

Result<OperationId> RegistryService::pull(const TransferRequest &request, const EngineName &engine)
{
    return begin(
        OperationKind::PullSnapshot,
        request,
        engine.text(),
        [&](Session &session,
            const Snapshot &snapshot,
            const IdempotencyKey &key) -> Result<OperationId> {
            SANDGLASS_CHECK(EngineRepository(session).find(engine));
            SANDGLASS_TRY(const QList<Registry> registries, RegistryRepository(session).list());
            if (!nearestRegistryCopy(snapshot, registries)) {
                return failure(
                    ErrorKind::Conflict,
                    u"snapshot %1 is in no registry; push it to one first"_s.arg(
                        snapshot.id.text()));
            }
            return requestPull(session, snapshot, engine, request.caller, key);
        });
}

Done RegistryService::check(const TransferRequest &request)
{
    SANDGLASS_TRY(const Snapshot snapshot, m_database.read([&](Session &session) {
        return activeSnapshot(session, request);
    }));
    for (const Location &location : snapshot.locations) {
        if (location.kind == LocationKind::Registry && isSettled(location.state)) {
            SANDGLASS_CHECK(checkLocations(
                m_database, m_access, RegistryName::trusted(location.place), {location}, {}));
        }
    }
    return {};
}

Result<QList<ImportableLogin>> RegistryService::dockerLogins()
{
    return m_credentials.dockerLogins();
}

Done RegistryService::importDockerLogin(const RegistryName &name, const Caller &caller)
{
    SANDGLASS_TRY(Registry registry, find(name));
    SANDGLASS_TRY(const ImportableLogin login, m_credentials.importDockerLogin(registry.host, {}));
    registry.credentialSource = CredentialSource::Keychain;
    registry.username = login.username;
    return put({registry, {}, caller});
}

} // namespace sandglass
