#include "services/usecases/earlytrashremoval.h"

#include "services/operations/engineconnections.h"
#include "services/operations/enginedisk.h"
#include "services/operations/operationrunner.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/storage/operationrepository.h"
#include "services/storage/settingsrepository.h"
#include "services/storage/snapshotrepository.h"
#include "services/usecases/snapshotremoval.h"
#include "services/usecases/timelimit.h"

#include <QHash>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto spaceLimit = 5s;

/// Whether something is being deleted there already.
Result<bool> isDeleting(Session &session, const EngineName &engine)
{
    SANDGLASS_TRY(const QList<Operation> unfinished, OperationRepository(session).unfinished());
    return std::any_of(unfinished.begin(), unfinished.end(), [&engine](const Operation &operation) {
        return operation.engine == engine && operation.kind == OperationKind::DeleteSnapshot;
    });
}

/// The one in the trash there that goes next, of a namespace that wants more free space than there
/// is; nothing when there is none.
Result<std::optional<SnapshotId>>
nextToGo(Session &session, const EngineName &engine, double freePercent)
{
    SANDGLASS_TRY(const auto trash, SnapshotRepository(session).trashOf(engine));
    QHash<NamespaceName, qint64> wanted;
    for (const auto &[snapshot, namespaceName] : trash) {
        if (!wanted.contains(namespaceName)) {
            SANDGLASS_TRY(
                const SettingValue least,
                SettingsRepository(session).effective(
                    Setting::TrashLeastFreePercent, namespaceName));
            wanted.insert(namespaceName, least.value);
        }
        if (freePercent < double(wanted.value(namespaceName)))
            return std::optional(snapshot);
    }
    return std::optional<SnapshotId>();
}

} // namespace

Done EarlyTrashRemoval::look(const CancelToken &stop)
{
    SANDGLASS_TRY(const QList<Engine> engines, m_database.read([](Session &session) {
        return EngineRepository(session).list();
    }));
    for (const Engine &engine : engines) {
        if (stop.isCancelled())
            return {};
        if (m_runner.drives(engine.name))
            SANDGLASS_CHECK(look(engine.name));
    }
    return {};
}

Done EarlyTrashRemoval::look(const EngineName &engine)
{
    // A disk that is full to the last byte is what everybody would want more than: so this tells
    // whether anybody chose it, before the engine is asked.
    SANDGLASS_TRY(const auto chosen, m_database.read([&engine](Session &session) {
        return nextToGo(session, engine, 0);
    }));
    if (!chosen)
        return {};
    const TimeLimit limit(spaceLimit);
    const auto client = m_connections.reopen(engine, limit.token());
    if (!client)
        return {}; // that it does not answer is said where engines are shown
    const auto asked = diskOf(**client, m_connections, limit.token());
    const auto disk = asked.value_or(std::nullopt);
    if (!disk || disk->bytes <= 0)
        return {};
    const double freePercent = 100.0 * double(disk->freeBytes) / double(disk->bytes);
    SANDGLASS_TRY(const bool begun, m_database.write([&](Session &session) -> Result<bool> {
        SANDGLASS_TRY(const bool busy, isDeleting(session, engine));
        if (busy)
            return false;
        SANDGLASS_TRY(const auto next, nextToGo(session, engine, freePercent));
        if (!next)
            return false;
        SANDGLASS_TRY(Snapshot snapshot, SnapshotRepository(session).find(*next));
        SANDGLASS_CHECK(beginRemoval(
            session,
            snapshot,
            itself(u"trash"_s),
            u"only %1 % of the disk of engine %2 is free"_s.arg(freePercent, 0, 'f', 1)
                .arg(engine.text())));
        return true;
    }));
    if (begun)
        m_runner.wake();
    return {};
}

} // namespace sandglass
