#include "services/storage/registryrepository.h"

#include "services/core/json.h"

#include <QJsonDocument>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString selectRegistry =
    u"SELECT name, host, repository, insecure, authorities_file, namespaces, position, "
    "credential_source, username, waits_for_credentials, deletes, lists_catalog, rate_limit, "
    "paused_until, last_seen_at, error, changed_seq FROM registries "_s;

QList<NamespaceName> namespacesFrom(const QByteArray &text)
{
    QList<NamespaceName> names;
    const QStringList known = toStringList(QJsonDocument::fromJson(text).array());
    for (const QString &name : known)
        names.append(NamespaceName::trusted(name));
    return names;
}

QString textOf(const QList<NamespaceName> &namespaces)
{
    QStringList names;
    for (const NamespaceName &name : namespaces)
        names.append(name.text());
    return QString::fromUtf8(QJsonDocument(toJsonArray(names)).toJson(QJsonDocument::Compact));
}

std::optional<bool> flagFrom(const QVariant &column)
{
    return column.isNull() ? std::nullopt : std::optional(column.toBool());
}

QVariant toColumn(const std::optional<bool> &flag)
{
    return flag ? QVariant(*flag) : QVariant(QMetaType(QMetaType::Bool));
}

Result<Registry> registryFrom(const Query &row)
{
    Registry registry;
    registry.name = RegistryName::trusted(row.value(0).toString());
    registry.host = row.value(1).toString();
    registry.repository = row.value(2).toString();
    registry.insecure = row.value(3).toBool();
    registry.authoritiesFile = row.value(4).toString();
    registry.namespaces = namespacesFrom(row.value(5).toByteArray());
    registry.position = row.value(6).toInt();
    const auto source = credentialSourceFrom(row.value(7).toString());
    if (!source) {
        return failure(rowError(
            registry.name.text(),
            u"the unknown source of credentials \"%1\""_s.arg(row.value(7).toString())));
    }
    registry.credentialSource = *source;
    registry.username = row.value(8).toString();
    registry.waitsForCredentials = row.value(9).toBool();
    registry.deletes = flagFrom(row.value(10));
    registry.listsCatalog = flagFrom(row.value(11));
    registry.rateLimit = row.value(12).toString();
    registry.pausedUntil = timeFrom(row.value(13));
    registry.lastSeenAt = timeFrom(row.value(14));
    registry.error = row.value(15).toString();
    registry.changeSeq = row.value(16).toLongLong();
    return registry;
}

} // namespace

Result<QList<Registry>> RegistryRepository::list()
{
    SANDGLASS_TRY(Query query, m_session.run(selectRegistry + u"ORDER BY position, name"_s));
    QList<Registry> registries;
    while (query.next()) {
        SANDGLASS_TRY(const Registry registry, registryFrom(query));
        registries.append(registry);
    }
    return registries;
}

Result<Registry> RegistryRepository::find(const RegistryName &name)
{
    SANDGLASS_TRY(Query query, m_session.run(selectRegistry + u"WHERE name = ?"_s, {name.text()}));
    if (!query.next())
        return failure(ErrorKind::NotFound, u"registry %1"_s.arg(name.text()));
    return registryFrom(query);
}

Done RegistryRepository::save(const Registry &registry)
{
    SANDGLASS_TRY(
        const qint64 seq, m_session.recordChange(Change::Subject::Registry, registry.name.text()));
    SANDGLASS_CHECK(m_session.run(
        u"INSERT INTO registries (name, host, repository, insecure, authorities_file, namespaces, "
        "position, credential_source, username, waits_for_credentials, deletes, lists_catalog, "
        "rate_limit, paused_until, last_seen_at, error, created_seq, changed_seq) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET host = excluded.host, repository = excluded.repository, "
        "insecure = excluded.insecure, authorities_file = excluded.authorities_file, "
        "namespaces = excluded.namespaces, position = excluded.position, "
        "credential_source = excluded.credential_source, username = excluded.username, "
        "waits_for_credentials = excluded.waits_for_credentials, deletes = excluded.deletes, "
        "lists_catalog = excluded.lists_catalog, rate_limit = excluded.rate_limit, "
        "paused_until = excluded.paused_until, last_seen_at = excluded.last_seen_at, "
        "error = excluded.error, changed_seq = excluded.changed_seq"_s,
        {registry.name.text(),
         registry.host,
         registry.repository,
         registry.insecure,
         nonNull(registry.authoritiesFile),
         textOf(registry.namespaces),
         registry.position,
         nameOf(registry.credentialSource),
         nonNull(registry.username),
         registry.waitsForCredentials,
         toColumn(registry.deletes),
         toColumn(registry.listsCatalog),
         nonNull(registry.rateLimit),
         sandglass::toColumn(registry.pausedUntil),
         sandglass::toColumn(registry.lastSeenAt),
         nonNull(registry.error),
         seq,
         seq}));
    return {};
}

Done RegistryRepository::remove(const RegistryName &name)
{
    SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Registry, name.text(), true));
    SANDGLASS_TRY(
        Query snapshots,
        m_session.run(
            u"SELECT snapshot FROM locations WHERE kind = 'registry' AND place = ?"_s,
            {name.text()}));
    while (snapshots.next()) {
        SANDGLASS_CHECK(
            m_session.recordChange(Change::Subject::Snapshot, snapshots.value(0).toString()));
    }
    SANDGLASS_CHECK(m_session.run(
        u"DELETE FROM locations WHERE kind = 'registry' AND place = ?"_s, {name.text()}));
    SANDGLASS_CHECK(m_session.run(u"DELETE FROM registries WHERE name = ?"_s, {name.text()}));
    return {};
}

Result<RegistryUse> RegistryRepository::useOf(const RegistryName &name)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT (SELECT count(*) FROM locations WHERE kind = 'registry' AND place = ?), "
            "(SELECT count(*) FROM operations WHERE finished_at IS NULL "
            "AND json_extract(inputs, '$.registry') = ?)"_s,
            {name.text(), name.text()}));
    RegistryUse use;
    if (query.next()) {
        use.locations = query.value(0).toInt();
        use.operations = query.value(1).toInt();
    }
    return use;
}

Done RegistryRepository::noteAnswer(const RegistryName &name, const QString &error)
{
    SANDGLASS_TRY(
        const Query news,
        m_session.run(
            u"UPDATE registries SET error = ? WHERE name = ? AND error <> ?"_s,
            {nonNull(error), name.text(), nonNull(error)}));
    if (error.isEmpty()) {
        SANDGLASS_CHECK(m_session.run(
            u"UPDATE registries SET last_seen_at = ? WHERE name = ?"_s,
            {toMilliseconds(m_session.now()), name.text()}));
    }
    if (news.changedRows() > 0)
        SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Registry, name.text()));
    return {};
}

Done RegistryRepository::pause(const RegistryName &name, Timestamp until)
{
    SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Registry, name.text()));
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE registries SET paused_until = ? WHERE name = ?"_s,
        {toMilliseconds(until), name.text()}));
    return {};
}

Done RegistryRepository::noteDeletion(const RegistryName &name, bool allowed)
{
    SANDGLASS_TRY(
        const Query news,
        m_session.run(
            u"UPDATE registries SET deletes = ? WHERE name = ? AND deletes IS NOT ?"_s,
            {allowed, name.text(), allowed}));
    if (news.changedRows() > 0)
        SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Registry, name.text()));
    return {};
}

} // namespace sandglass
