#include "services/storage/snapshotrepository.h"

#include <QHash>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString snapshotColumns =
    u"id, sandbox, namespace, engine, status, error, tag, note, pause, "
    u"ttl_secs, created_at, changed_at, size_bytes, "
    "changed_bytes, frozen_ms, image_ref, parent, changed_seq, findings, failure, "
    "pin_reason, pinned_by, pinned_until, used_at, trashed_until, schedule"_s;
const QString locationColumns =
    u"snapshot, kind, place, state, image_ref, image_id, digest, error, changed_at, checked_at"_s;
constexpr int configColumn = 26;

Result<Snapshot> snapshotFrom(const Query &row)
{
    Snapshot snapshot;
    snapshot.id = SnapshotId::trusted(row.value(0).toString());
    snapshot.sandbox = SandboxId::trusted(row.value(1).toString());
    snapshot.namespaceName = NamespaceName::trusted(row.value(2).toString());
    snapshot.engine = EngineName::trusted(row.value(3).toString());
    const auto status = snapshotStatusFrom(row.value(4).toString());
    if (!status) {
        return failure(rowError(
            snapshot.id.text(), u"the unknown status \"%1\""_s.arg(row.value(4).toString())));
    }
    snapshot.status = *status;
    snapshot.error = row.value(5).toString();
    snapshot.tag = row.value(6).toString();
    snapshot.note = row.value(7).toString();
    snapshot.pause = row.value(8).toBool() ? PauseDuringCommit::Yes : PauseDuringCommit::No;
    snapshot.ttlSeconds = row.value(9).toLongLong();
    snapshot.createdAt = fromMilliseconds(row.value(10).toLongLong());
    snapshot.changedAt = fromMilliseconds(row.value(11).toLongLong());
    snapshot.sizeBytes = numberFrom(row.value(12));
    snapshot.changedBytes = numberFrom(row.value(13));
    snapshot.frozenMilliseconds = numberFrom(row.value(14));
    snapshot.imageReference = row.value(15).toString();
    snapshot.parent = SnapshotId::trusted(row.value(16).toString());
    snapshot.changeSeq = row.value(17).toLongLong();
    if (const QByteArray findings = row.value(18).toByteArray(); !findings.isEmpty()) {
        SANDGLASS_TRY(snapshot.findings, findingsFrom(findings));
    }
    snapshot.failure = row.value(19).toString();
    if (!row.value(20).isNull()) {
        snapshot.pin = SnapshotPin{
            row.value(20).toString(), row.value(21).toString(), timeFrom(row.value(22))};
    }
    snapshot.usedAt = timeFrom(row.value(23));
    snapshot.trashedUntil = timeFrom(row.value(24));
    snapshot.schedule = ScheduleId::trusted(row.value(25).toString());
    return snapshot;
}

Location locationFrom(const Query &row)
{
    Location location;
    location.snapshot = SnapshotId::trusted(row.value(0).toString());
    location.kind = locationKindFrom(row.value(1).toString());
    location.place = row.value(2).toString();
    location.state = locationStateFrom(row.value(3).toString());
    location.imageReference = row.value(4).toString();
    location.imageId = row.value(5).toString();
    location.digest = row.value(6).toString();
    location.error = row.value(7).toString();
    location.changedAt = fromMilliseconds(row.value(8).toLongLong());
    location.checkedAt = fromMilliseconds(row.value(9).toLongLong());
    return location;
}

struct Condition
{
    QStringList terms;
    QVariantList values;

    void add(const QString &term, const QVariantList &bound)
    {
        terms.append(term);
        values.append(bound);
    }
};

Condition conditionFor(const SnapshotFilter &filter)
{
    Condition condition;
    if (filter.namespaceName)
        condition.add(u"namespace = ?"_s, {filter.namespaceName->text()});
    if (filter.sandbox)
        condition.add(u"sandbox = ?"_s, {filter.sandbox->text()});
    if (filter.status)
        condition.add(u"status = ?"_s, {nameOf(*filter.status)});
    else if (!filter.withTrash)
        condition.add(u"status <> 'trashed'"_s, {});
    if (filter.engine)
        condition.add(u"engine = ?"_s, {filter.engine->text()});
    if (!filter.text.isEmpty()) {
        const QString pattern = containing(filter.text);
        condition.add(
            u"(id LIKE ? ESCAPE '\\' OR sandbox LIKE ? ESCAPE '\\' OR tag LIKE ? ESCAPE '\\' OR note LIKE ? ESCAPE '\\')"_s,
            {pattern, pattern, pattern, pattern});
    }
    if (filter.after) {
        condition.add(
            u"(created_at, id) < (?, ?)"_s,
            {toMilliseconds(filter.after->first), filter.after->second.text()});
    }
    return condition;
}

} // namespace

Result<QList<Snapshot>> SnapshotRepository::list(const SnapshotFilter &filter)
{
    const Condition condition = conditionFor(filter);
    QString selection = u" FROM snapshots"_s;
    if (!condition.terms.isEmpty())
        selection += u" WHERE "_s + condition.terms.join(u" AND "_s);
    selection += u" ORDER BY created_at DESC, id DESC"_s;
    if (filter.limit > 0)
        selection += u" LIMIT %1"_s.arg(filter.limit);

    SANDGLASS_TRY(
        Query query, m_session.run(u"SELECT "_s + snapshotColumns + selection, condition.values));
    QList<Snapshot> snapshots;
    QHash<SnapshotId, qsizetype> positions;
    while (query.next()) {
        SANDGLASS_TRY(const Snapshot snapshot, snapshotFrom(query));
        positions.insert(snapshot.id, snapshots.size());
        snapshots.append(snapshot);
    }
    SANDGLASS_TRY(
        Query located,
        m_session.run(
            u"SELECT "_s + locationColumns + u" FROM locations WHERE snapshot IN (SELECT id"_s
                + selection + u')',
            condition.values));
    while (located.next()) {
        const Location location = locationFrom(located);
        if (const auto it = positions.constFind(location.snapshot); it != positions.constEnd())
            snapshots[*it].locations.append(location);
    }
    return snapshots;
}

Result<QHash<SnapshotId, ImageNotes>> SnapshotRepository::notes()
{
    // The condition of the index snapshots_with_notes, word by word.
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT id, status = 'trashed', pin_reason IS NOT NULL, pinned_until, "
            u"ttl_secs <> image_ttl_secs, ttl_secs FROM snapshots "
            u"WHERE status = 'trashed' OR pin_reason IS NOT NULL OR ttl_secs <> image_ttl_secs"_s));
    QHash<SnapshotId, ImageNotes> notes;
    while (query.next()) {
        ImageNotes note;
        note.trashed = query.value(1).toBool();
        note.pinned = query.value(2).toBool();
        note.pinnedUntil = timeFrom(query.value(3));
        if (query.value(4).toBool())
            note.ttlSeconds = query.value(5).toLongLong();
        notes.insert(SnapshotId::trusted(query.value(0).toString()), note);
    }
    return notes;
}

Result<QList<std::pair<SnapshotId, NamespaceName>>>
SnapshotRepository::trashOf(const EngineName &engine)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT id, namespace FROM snapshots WHERE status = 'trashed' AND engine = ? "
            "ORDER BY trashed_until, id"_s,
            {engine.text()}));
    QList<std::pair<SnapshotId, NamespaceName>> trash;
    while (query.next()) {
        trash.append(
            {SnapshotId::trusted(query.value(0).toString()),
             NamespaceName::trusted(query.value(1).toString())});
    }
    return trash;
}

Result<QList<SnapshotId>> SnapshotRepository::dueInTrash(int limit)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT id FROM snapshots WHERE status = 'trashed' AND trashed_until <= ? "
            "ORDER BY trashed_until LIMIT ?"_s,
            {toMilliseconds(m_session.now()), limit}));
    QList<SnapshotId> ids;
    while (query.next())
        ids.append(SnapshotId::trusted(query.value(0).toString()));
    return ids;
}

Result<QSet<SnapshotId>> SnapshotRepository::ids()
{
    SANDGLASS_TRY(Query query, m_session.run(u"SELECT id FROM snapshots"_s));
    QSet<SnapshotId> ids;
    while (query.next())
        ids.insert(SnapshotId::trusted(query.value(0).toString()));
    return ids;
}

Result<Snapshot> SnapshotRepository::find(const SnapshotId &id)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT "_s + snapshotColumns + u", config FROM snapshots WHERE id = ?"_s,
            {id.text()}));
    if (!query.next())
        return failure(ErrorKind::NotFound, u"snapshot %1"_s.arg(id.text()));
    SANDGLASS_TRY(Snapshot snapshot, snapshotFrom(query));
    const auto config = SandboxConfig::fromJson(query.value(configColumn).toByteArray());
    if (!config)
        return failure(rowError(id.text(), u"a bad config: "_s + config.error().detail));
    snapshot.config = *config;
    SANDGLASS_TRY(snapshot.locations, locationsOf(id));
    return snapshot;
}

Result<QList<Location>> SnapshotRepository::locationsOf(const SnapshotId &id)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT "_s + locationColumns
                + u" FROM locations WHERE snapshot = ? ORDER BY kind, place"_s,
            {id.text()}));
    QList<Location> locations;
    while (query.next())
        locations.append(locationFrom(query));
    return locations;
}

Result<int> SnapshotRepository::countLive(const NamespaceName &namespaceName)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT count(*) FROM snapshots WHERE namespace = ? AND status IN ('creating', 'active')"_s,
            {namespaceName.text()}));
    return query.next() ? query.value(0).toInt() : 0;
}

Done SnapshotRepository::insert(const Snapshot &snapshot)
{
    SANDGLASS_TRY(
        const qint64 seq, m_session.recordChange(Change::Subject::Snapshot, snapshot.id.text()));
    SANDGLASS_CHECK(m_session.run(
        u"INSERT INTO snapshots (id, sandbox, namespace, engine, status, error, tag, note, pause, "
        u"ttl_secs, image_ttl_secs, created_at, "
        "expires_at, changed_at, image_ref, config, parent, schedule, created_seq, changed_seq) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
        {snapshot.id.text(),
         snapshot.sandbox.text(),
         snapshot.namespaceName.text(),
         snapshot.engine.text(),
         nameOf(snapshot.status),
         nonNull(snapshot.error),
         nonNull(snapshot.tag),
         nonNull(snapshot.note),
         snapshot.pause == PauseDuringCommit::Yes,
         snapshot.ttlSeconds,
         snapshot.ttlSeconds,
         toMilliseconds(snapshot.createdAt),
         toColumn(expiryOf(snapshot)),
         toMilliseconds(snapshot.changedAt),
         nonNull(snapshot.imageReference),
         QString::fromUtf8(snapshot.config.toJson()),
         nonNull(snapshot.parent.text()),
         nonNull(snapshot.schedule.text()),
         seq,
         seq}));
    return {};
}

Done SnapshotRepository::save(const Snapshot &snapshot)
{
    SANDGLASS_TRY(
        const qint64 seq, m_session.recordChange(Change::Subject::Snapshot, snapshot.id.text()));
    SANDGLASS_TRY(
        const Query saved,
        m_session.run(
            u"UPDATE snapshots SET error = ?, failure = ?, tag = ?, note = ?, ttl_secs = ?, "
            u"created_at = ?, "
            u"expires_at = ?, changed_at = ?, size_bytes = ?, changed_bytes = ?, frozen_ms = ?, "
            u"config = ?, parent = ?, pin_reason = ?, pinned_by = ?, pinned_until = ?, "
            u"used_at = ?, trashed_until = ?, changed_seq = ? WHERE id = ?"_s,
            {nonNull(snapshot.error),
             nonNull(snapshot.failure),
             nonNull(snapshot.tag),
             nonNull(snapshot.note),
             snapshot.ttlSeconds,
             toMilliseconds(snapshot.createdAt),
             toColumn(expiryOf(snapshot)),
             toMilliseconds(snapshot.changedAt),
             toColumn(snapshot.sizeBytes),
             toColumn(snapshot.changedBytes),
             toColumn(snapshot.frozenMilliseconds),
             QString::fromUtf8(snapshot.config.toJson()),
             nonNull(snapshot.parent.text()),
             snapshot.pin ? QVariant(nonNull(snapshot.pin->reason))
                          : QVariant(QMetaType(QMetaType::QString)),
             snapshot.pin ? nonNull(snapshot.pin->by) : u""_s,
             toColumn(snapshot.pin ? snapshot.pin->until : std::nullopt),
             toColumn(snapshot.usedAt),
             toColumn(snapshot.trashedUntil),
             seq,
             snapshot.id.text()}));
    if (saved.changedRows() == 0)
        return failure(ErrorKind::NotFound, u"snapshot %1"_s.arg(snapshot.id.text()));
    return {};
}

Done SnapshotRepository::saveFindings(const SnapshotId &id, const QList<SecretFinding> &findings)
{
    SANDGLASS_TRY(const qint64 seq, m_session.recordChange(Change::Subject::Snapshot, id.text()));
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE snapshots SET findings = ?, changed_seq = ? WHERE id = ?"_s,
        {findings.isEmpty() ? u""_s : QString::fromUtf8(toJson(findings)), seq, id.text()}));
    return {};
}

Done SnapshotRepository::apply(
    Snapshot &snapshot, SnapshotEvent event, const QString &error, const QString &kind)
{
    const SnapshotTransition *transition = transitionOf(snapshot.status, event);
    const Error refused{
        ErrorKind::Conflict,
        u"snapshot %1 is \"%2\""_s.arg(snapshot.id.text(), nameOf(snapshot.status)),
        {},
        {},
        0};
    if (transition == nullptr)
        return failure(refused);
    const QVariantList row{snapshot.id.text(), nameOf(snapshot.status)};
    if (!transition->to) {
        SANDGLASS_CHECK(
            m_session.recordChange(Change::Subject::Snapshot, snapshot.id.text(), true));
        SANDGLASS_TRY(
            const Query removed,
            m_session.run(u"DELETE FROM snapshots WHERE id = ? AND status = ?"_s, row));
        return removed.changedRows() > 0 ? Done() : failure(refused);
    }
    SANDGLASS_TRY(
        const Query moved,
        m_session.run(
            u"UPDATE snapshots SET status = ? WHERE id = ? AND status = ?"_s,
            QVariantList{nameOf(*transition->to)} + row));
    if (moved.changedRows() == 0)
        return failure(refused);
    snapshot.status = *transition->to;
    snapshot.error = error;
    snapshot.failure = snapshot.status == SnapshotStatus::Failed ? kind : QString();
    snapshot.changedAt = m_session.now();
    return save(snapshot);
}

Done SnapshotRepository::saveLocation(const Location &location)
{
    SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Snapshot, location.snapshot.text()));
    SANDGLASS_CHECK(m_session.run(
        u"INSERT OR REPLACE INTO locations ("_s + locationColumns
            + u") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
        {location.snapshot.text(),
         nameOf(location.kind),
         location.place,
         nameOf(location.state),
         nonNull(location.imageReference),
         nonNull(location.imageId),
         nonNull(location.digest),
         nonNull(location.error),
         toMilliseconds(location.changedAt),
         toMilliseconds(location.checkedAt)}));
    return {};
}

Done SnapshotRepository::removeLocation(const Location &location)
{
    SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Snapshot, location.snapshot.text()));
    SANDGLASS_CHECK(m_session.run(
        u"DELETE FROM locations WHERE snapshot = ? AND kind = ? AND place = ?"_s,
        {location.snapshot.text(), nameOf(location.kind), location.place}));
    return {};
}

Result<QList<Location>>
SnapshotRepository::uncheckedLocations(const RegistryName &registry, Timestamp before, int limit)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT "_s + locationColumns
                + u" FROM locations WHERE kind = 'registry' AND place = ? AND checked_at < ? "
                  "AND state IN ('present', 'missing', 'drifted') "
                  "AND snapshot IN (SELECT id FROM snapshots WHERE status = 'active') "
                  "ORDER BY checked_at LIMIT ?"_s,
            {registry.text(), toMilliseconds(before), limit}));
    QList<Location> locations;
    while (query.next())
        locations.append(locationFrom(query));
    return locations;
}

Result<QList<Location>> SnapshotRepository::settledLocations(const EngineName &engine)
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT "_s + locationColumns
                + u" FROM locations WHERE kind = 'engine' AND place = ? AND state IN ('present', "
                  u"'missing') "
                  "AND snapshot IN (SELECT id FROM snapshots WHERE status = 'active')"_s,
            {engine.text()}));
    QList<Location> locations;
    while (query.next())
        locations.append(locationFrom(query));
    return locations;
}

Result<bool> SnapshotRepository::changeLocation(const Location &location, LocationState from)
{
    SANDGLASS_TRY(
        const Query query,
        m_session.run(
            u"UPDATE locations SET state = ?, error = ?, changed_at = ?, checked_at = ? "
            "WHERE snapshot = ? AND kind = ? AND place = ? AND state = ?"_s,
            {nameOf(location.state),
             nonNull(location.error),
             toMilliseconds(location.changedAt),
             toMilliseconds(location.checkedAt),
             location.snapshot.text(),
             nameOf(location.kind),
             location.place,
             nameOf(from)}));
    if (query.changedRows() == 0)
        return false;
    SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Snapshot, location.snapshot.text()));
    return true;
}

} // namespace sandglass
