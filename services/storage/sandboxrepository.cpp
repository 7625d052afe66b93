#include "services/storage/sandboxrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString selectSandbox =
    u"SELECT id, namespace, display_name, engine, container_id, status, config, restored_from, "
    "error, created_at, changed_at, confirmed_at, changed_seq, origin FROM sandboxes "_s;

/// Not those that are only remembered for the snapshots that they left.
const QString isOurs = u"status NOT IN ('terminated', 'released')"_s;

Result<Sandbox> sandboxFrom(const Query &row)
{
    Sandbox sandbox;
    sandbox.id = SandboxId::trusted(row.value(0).toString());
    sandbox.namespaceName = NamespaceName::trusted(row.value(1).toString());
    sandbox.displayName = row.value(2).toString();
    sandbox.engine = EngineName::trusted(row.value(3).toString());
    sandbox.containerId = row.value(4).toString();
    sandbox.status = sandboxStatusFrom(row.value(5).toString());
    if (nameOf(sandbox.status) != row.value(5).toString()) {
        return failure(rowError(
            sandbox.id.text(), u"the unknown status \"%1\""_s.arg(row.value(5).toString())));
    }
    const auto config = SandboxConfig::fromJson(row.value(6).toByteArray());
    if (!config)
        return failure(rowError(sandbox.id.text(), u"a bad config: "_s + config.error().detail));
    sandbox.config = *config;
    sandbox.restoredFrom = SnapshotId::trusted(row.value(7).toString());
    sandbox.error = row.value(8).toString();
    sandbox.createdAt = fromMilliseconds(row.value(9).toLongLong());
    sandbox.changedAt = fromMilliseconds(row.value(10).toLongLong());
    sandbox.confirmedAt = fromMilliseconds(row.value(11).toLongLong());
    sandbox.changeSeq = row.value(12).toLongLong();
    sandbox.origin = sandboxOriginFrom(row.value(13).toString());
    return sandbox;
}

} // namespace

Result<QList<Sandbox>>
SandboxRepository::select(const QString &condition, const QVariantList &values)
{
    SANDGLASS_TRY(Query query, m_session.run(selectSandbox + condition, values));
    QList<Sandbox> sandboxes;
    while (query.next()) {
        SANDGLASS_TRY(const Sandbox sandbox, sandboxFrom(query));
        sandboxes.append(sandbox);
    }
    return sandboxes;
}

Result<QList<Sandbox>> SandboxRepository::list(const std::optional<NamespaceName> &namespaceName)
{
    const QString order = u" ORDER BY created_at, id"_s;
    if (!namespaceName)
        return select(u"WHERE "_s + isOurs + order, {});
    return select(u"WHERE namespace = ? AND "_s + isOurs + order, {namespaceName->text()});
}

Result<QList<Sandbox>> SandboxRepository::onEngine(const EngineName &engine)
{
    return select(u"WHERE engine = ? AND "_s + isOurs, {engine.text()});
}

Result<QList<Sandbox>> SandboxRepository::restoredFrom(const SnapshotId &snapshot)
{
    return select(u"WHERE restored_from = ? AND "_s + isOurs, {snapshot.text()});
}

Result<QSet<SandboxId>> SandboxRepository::ids()
{
    SANDGLASS_TRY(Query query, m_session.run(u"SELECT id FROM sandboxes"_s));
    QSet<SandboxId> ids;
    while (query.next())
        ids.insert(SandboxId::trusted(query.value(0).toString()));
    return ids;
}

Result<QSet<QString>> SandboxRepository::adoptedContainers()
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT container_id FROM sandboxes WHERE origin = 'adopted' AND "_s + isOurs));
    QSet<QString> containers;
    while (query.next())
        containers.insert(query.value(0).toString());
    return containers;
}

Result<Sandbox> SandboxRepository::find(const SandboxId &id)
{
    SANDGLASS_TRY(const QList<Sandbox> found, select(u"WHERE id = ?"_s, {id.text()}));
    if (found.isEmpty())
        return failure(ErrorKind::NotFound, u"sandbox %1"_s.arg(id.text()));
    return found.first();
}

Done SandboxRepository::insert(const Sandbox &sandbox)
{
    SANDGLASS_CHECK(m_session.run(
        u"INSERT OR IGNORE INTO namespaces (name, created_at) VALUES (?, ?)"_s,
        {sandbox.namespaceName.text(), toMilliseconds(m_session.now())}));
    SANDGLASS_TRY(
        const qint64 seq, m_session.recordChange(Change::Subject::Sandbox, sandbox.id.text()));
    SANDGLASS_CHECK(m_session.run(
        u"INSERT INTO sandboxes (id, namespace, display_name, engine, container_id, status, "
        u"config, restored_from, error, "
        "created_at, changed_at, confirmed_at, origin, created_seq, changed_seq) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
        {sandbox.id.text(),
         sandbox.namespaceName.text(),
         nonNull(sandbox.displayName),
         sandbox.engine.text(),
         nonNull(sandbox.containerId),
         nameOf(sandbox.status),
         QString::fromUtf8(sandbox.config.toJson()),
         nonNull(sandbox.restoredFrom.text()),
         nonNull(sandbox.error),
         toMilliseconds(sandbox.createdAt),
         toMilliseconds(sandbox.changedAt),
         toMilliseconds(sandbox.confirmedAt),
         nameOf(sandbox.origin),
         seq,
         seq}));
    return {};
}

Done SandboxRepository::save(const Sandbox &sandbox)
{
    SANDGLASS_TRY(
        const qint64 seq, m_session.recordChange(Change::Subject::Sandbox, sandbox.id.text()));
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE sandboxes SET display_name = ?, container_id = ?, status = ?, config = ?, error = "
        u"?, changed_at = ?, "
        "confirmed_at = ?, changed_seq = ? WHERE id = ?"_s,
        {nonNull(sandbox.displayName),
         nonNull(sandbox.containerId),
         nameOf(sandbox.status),
         QString::fromUtf8(sandbox.config.toJson()),
         nonNull(sandbox.error),
         toMilliseconds(sandbox.changedAt),
         toMilliseconds(sandbox.confirmedAt),
         seq,
         sandbox.id.text()}));
    return {};
}

Done SandboxRepository::confirm(const SandboxId &id, Timestamp at)
{
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE sandboxes SET confirmed_at = ? WHERE id = ?"_s, {toMilliseconds(at), id.text()}));
    return {};
}

} // namespace sandglass
