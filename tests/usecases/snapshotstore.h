#pragma once

#include "services/domain/ttl.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

inline const Caller tester{u"ann"_s, u"test"_s, {}};
inline const NamespaceName team = NamespaceName::trusted(u"team"_s);
inline const EngineName engineA = EngineName::trusted(u"a"_s);

/// Writes an engine; nobody answers for it unless the test gives it an address.
inline Done
addEngine(Database &database, const QString &address = u"unix:///nonexistent/engine.sock"_s)
{
    return database.write([&address](Session &session) -> Done {
        Engine engine;
        engine.name = engineA;
        engine.address = address;
        SANDGLASS_CHECK(EngineRepository(session).insert(engine));
        return appendAudit(session, {tester, u"add_engine"_s, engineA.text(), {}, {}});
    });
}

/// Writes a sandbox as if an engine had it.
inline Done addSandbox(
    Database &database,
    const SandboxId &id,
    const NamespaceName &space = team,
    const SnapshotId &restoredFrom = {})
{
    return database.write([&](Session &session) -> Done {
        Sandbox sandbox;
        sandbox.id = id;
        sandbox.namespaceName = space;
        sandbox.engine = engineA;
        sandbox.status = SandboxStatus::Running;
        sandbox.restoredFrom = restoredFrom;
        SANDGLASS_CHECK(SandboxRepository(session).insert(sandbox));
        return appendAudit(session, {tester, u"create_sandbox"_s, id.text(), {}, {}});
    });
}

/// Writes an active snapshot, with its image on engine A, as if it had been taken.
inline Done addSnapshot(Database &database, Snapshot snapshot)
{
    return database.write([&](Session &session) -> Done {
        SnapshotRepository snapshots(session);
        snapshot.engine = engineA;
        snapshot.imageReference = u"sandglass-snapshots:"_s + snapshot.id.text();
        SANDGLASS_CHECK(snapshots.insert(snapshot));
        SANDGLASS_CHECK(snapshots.saveLocation(
            {snapshot.id,
             LocationKind::Engine,
             engineA.text(),
             LocationState::Present,
             snapshot.imageReference,
             {},
             {},
             {},
             session.now(),
             session.now()}));
        SANDGLASS_CHECK(snapshots.apply(snapshot, SnapshotEvent::Committed));
        return appendAudit(session, {tester, u"create_snapshot"_s, snapshot.id.text(), {}, {}});
    });
}

} // namespace sandglass
