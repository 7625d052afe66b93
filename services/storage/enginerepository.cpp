#include "services/storage/enginerepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString selectEngine =
    u"SELECT name, address, state, version, api_version, platform, storage_driver, error, "
    "last_seen_at, next_attempt_at, changed_seq, uses_tls, authorities_file, certificate_file, "
    "key_file, product FROM engines "_s;

Engine engineFrom(const Query &row)
{
    Engine engine;
    engine.name = EngineName::trusted(row.value(0).toString());
    engine.address = row.value(1).toString();
    engine.state = engineStateFrom(row.value(2).toString());
    engine.version = row.value(3).toString();
    engine.apiVersion = row.value(4).toString();
    engine.platform = row.value(5).toString();
    engine.storageDriver = row.value(6).toString();
    engine.error = row.value(7).toString();
    engine.lastSeenAt = timeFrom(row.value(8));
    engine.nextAttemptAt = timeFrom(row.value(9));
    engine.changeSeq = row.value(10).toLongLong();
    engine.product = row.value(15).toString();
    if (row.value(11).toBool()) {
        engine.tls =
            TlsFiles{row.value(12).toString(), row.value(13).toString(), row.value(14).toString()};
    }
    return engine;
}

} // namespace

Result<QList<Engine>> EngineRepository::list()
{
    SANDGLASS_TRY(Query query, m_session.run(selectEngine + u"ORDER BY name"_s));
    QList<Engine> engines;
    while (query.next())
        engines.append(engineFrom(query));
    return engines;
}

Result<Engine> EngineRepository::find(const EngineName &name)
{
    SANDGLASS_TRY(Query query, m_session.run(selectEngine + u"WHERE name = ?"_s, {name.text()}));
    if (!query.next())
        return failure(ErrorKind::NotFound, u"engine %1"_s.arg(name.text()));
    return engineFrom(query);
}

Done EngineRepository::insert(const Engine &engine)
{
    if (find(engine.name))
        return failure(
            ErrorKind::Conflict, u"an engine is already called %1"_s.arg(engine.name.text()));
    SANDGLASS_TRY(
        const qint64 seq, m_session.recordChange(Change::Subject::Engine, engine.name.text()));
    SANDGLASS_CHECK(m_session.run(
        u"INSERT INTO engines (name, address, state, version, api_version, platform, "
        u"storage_driver, error, "
        "created_seq, changed_seq) VALUES (?, ?, ?, '', '', '', '', '', ?, ?)"_s,
        {engine.name.text(), engine.address, nameOf(engine.state), seq, seq}));
    return saveTls(engine);
}

Done EngineRepository::save(const Engine &engine)
{
    SANDGLASS_TRY(
        const qint64 seq, m_session.recordChange(Change::Subject::Engine, engine.name.text()));
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE engines SET address = ?, state = ?, product = ?, version = ?, api_version = ?, "
        u"platform = ?, storage_driver = ?, "
        "error = ?, last_seen_at = ?, next_attempt_at = ?, changed_seq = ? WHERE name = ?"_s,
        {engine.address,
         nameOf(engine.state),
         nonNull(engine.product),
         nonNull(engine.version),
         nonNull(engine.apiVersion),
         nonNull(engine.platform),
         nonNull(engine.storageDriver),
         nonNull(engine.error),
         toColumn(engine.lastSeenAt),
         toColumn(engine.nextAttemptAt),
         seq,
         engine.name.text()}));
    return saveTls(engine);
}

Done EngineRepository::saveTls(const Engine &engine)
{
    const TlsFiles files = engine.tls.value_or(TlsFiles());
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE engines SET uses_tls = ?, authorities_file = ?, certificate_file = ?, "
        "key_file = ? WHERE name = ?"_s,
        {engine.tls.has_value(),
         nonNull(files.authorities),
         nonNull(files.certificate),
         nonNull(files.key),
         engine.name.text()}));
    return {};
}

Done EngineRepository::remove(const EngineName &name)
{
    SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Engine, name.text(), true));
    SANDGLASS_CHECK(m_session.run(
        u"DELETE FROM sandboxes WHERE engine = ? AND status IN ('terminated', 'released')"_s,
        {name.text()}));
    SANDGLASS_CHECK(m_session.run(u"DELETE FROM engines WHERE name = ?"_s, {name.text()}));
    return {};
}

Result<EngineUse> EngineRepository::useOf(const EngineName &name)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT (SELECT count(*) FROM sandboxes WHERE engine = ? AND "
            "status NOT IN ('terminated', 'released')), "
            "(SELECT count(*) FROM snapshots WHERE engine = ? OR id IN "
            "(SELECT snapshot FROM locations WHERE kind = 'engine' AND place = ?)), "
            "(SELECT count(*) FROM operations WHERE engine = ? AND finished_at IS NULL)"_s,
            {name.text(), name.text(), name.text(), name.text()}));
    if (!query.next())
        return EngineUse{};
    return EngineUse{query.value(0).toInt(), query.value(1).toInt(), query.value(2).toInt()};
}

Done EngineRepository::touch(const EngineName &name, Timestamp seenAt)
{
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE engines SET last_seen_at = ? WHERE name = ?"_s,
        {toMilliseconds(seenAt), name.text()}));
    return {};
}

Result<QList<EngineName>> EngineRepository::takeLeases(
    const QString &owner, std::chrono::milliseconds duration, const QStringList &living)
{
    const qint64 now = toMilliseconds(m_session.now());
    const qint64 until = now + duration.count();
    QVariantList values{owner, until, owner, now, now + 2 * duration.count()};
    QStringList places;
    for (const QString &other : living) {
        places.append(u"?"_s);
        values.append(other);
    }
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE engines SET lease_owner = ?, lease_until = ? "
        "WHERE lease_owner IN ('', ?) "
        "OR ((lease_until <= ? OR lease_until > ?) AND lease_owner NOT IN (%1))"_s.arg(
            places.join(u", "_s)),
        values));
    SANDGLASS_TRY(
        Query query, m_session.run(u"SELECT name FROM engines WHERE lease_owner = ?"_s, {owner}));
    QList<EngineName> names;
    while (query.next())
        names.append(EngineName::trusted(query.value(0).toString()));
    return names;
}

Result<QStringList> EngineRepository::leaseOwners()
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(u"SELECT DISTINCT lease_owner FROM engines WHERE lease_owner <> ''"_s));
    QStringList owners;
    while (query.next())
        owners.append(query.value(0).toString());
    return owners;
}

Done EngineRepository::requireLease(const EngineName &name, const QString &owner)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT 1 FROM engines WHERE name = ? AND lease_owner = ?"_s, {name.text(), owner}));
    if (query.next())
        return {};
    return failure(ErrorKind::Conflict, u"another process drives engine %1"_s.arg(name.text()));
}

Done EngineRepository::releaseLeases(const QString &owner)
{
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE engines SET lease_owner = '', lease_until = 0 WHERE lease_owner = ?"_s, {owner}));
    return {};
}

} // namespace sandglass
