#include "services/storage/cleanuprepository.h"

#include "services/storage/settingsrepository.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Of the places of a snapshot, those that hold its image as far as is known.
QString placesOf(const QString &kind)
{
    return u"(SELECT count(*) FROM locations WHERE snapshot = snapshots.id AND kind = '%1' "
           "AND state IN ('present', 'drifted', 'removing'))"_s.arg(kind);
}

const QString candidateColumns =
    u"SELECT id, sandbox, namespace, created_at, used_at, ttl_secs, pin_reason, pinned_by, "
    u"pinned_until, parent, changed_bytes, %1, %2 FROM snapshots WHERE "_s.arg(
        placesOf(u"engine"_s), placesOf(u"registry"_s));

CleanupCandidate candidateFrom(const Query &row)
{
    CleanupCandidate candidate;
    candidate.snapshot = SnapshotId::trusted(row.value(0).toString());
    candidate.sandbox = SandboxId::trusted(row.value(1).toString());
    candidate.namespaceName = NamespaceName::trusted(row.value(2).toString());
    candidate.createdAt = fromMilliseconds(row.value(3).toLongLong());
    candidate.usedAt = timeFrom(row.value(4));
    candidate.ttlSeconds = row.value(5).toLongLong();
    if (!row.value(6).isNull()) {
        candidate.pin =
            SnapshotPin{row.value(6).toString(), row.value(7).toString(), timeFrom(row.value(8))};
    }
    candidate.parent = SnapshotId::trusted(row.value(9).toString());
    candidate.ownBytes = numberFrom(row.value(10));
    candidate.engines = row.value(11).toInt();
    candidate.registries = row.value(12).toInt();
    return candidate;
}

} // namespace

Done CleanupRepository::addCandidates(
    CleanupState &state, const QString &condition, const QVariantList &values)
{
    SANDGLASS_TRY(Query query, m_session.run(candidateColumns + condition, values));
    while (query.next())
        state.candidates.append(candidateFrom(query));
    return {};
}

Done CleanupRepository::addRules(CleanupState &state)
{
    SettingsRepository settings(m_session);
    for (const CleanupCandidate &candidate : std::as_const(state.candidates)) {
        if (state.rules.contains(candidate.namespaceName))
            continue;
        SANDGLASS_TRY(
            const RetentionRules rules, retentionRules([&](Setting setting) -> Result<qint64> {
                SANDGLASS_TRY(
                    const SettingValue value, settings.effective(setting, candidate.namespaceName));
                return value.value;
            }));
        state.rules.insert(candidate.namespaceName, rules);
    }
    return {};
}

/// `condition` selects the candidates: what is built on one of them, or runs from it, is found
/// through it.
Done CleanupRepository::addUses(
    CleanupState &state, const QString &condition, const QVariantList &values)
{
    QHash<SnapshotId, qsizetype> positions;
    for (qsizetype i = 0; i < state.candidates.size(); ++i)
        positions.insert(state.candidates[i].snapshot, i);

    const QString candidates = u"(SELECT id FROM snapshots WHERE "_s + condition + u')';
    SANDGLASS_TRY(
        Query children,
        m_session.run(
            u"SELECT parent, id FROM snapshots WHERE parent <> '' AND parent IN "_s + candidates,
            values));
    while (children.next()) {
        if (!positions.contains(SnapshotId::trusted(children.value(1).toString())))
            state.alsoUsed.insert(SnapshotId::trusted(children.value(0).toString()));
    }
    SANDGLASS_TRY(
        Query users,
        m_session.run(
            u"SELECT restored_from FROM sandboxes WHERE status NOT IN ('failed', 'missing', "
            "'terminated', 'released') AND restored_from IN "_s
                + candidates,
            values));
    while (users.next()) {
        const auto it = positions.constFind(SnapshotId::trusted(users.value(0).toString()));
        if (it != positions.constEnd())
            state.candidates[*it].inUse = true;
    }
    return {};
}

Result<CleanupState>
CleanupRepository::state(const std::optional<NamespaceName> &namespaceName, CleanupScope scope)
{
    QString active = u"status = 'active'"_s;
    QVariantList values;
    if (namespaceName) {
        active += u" AND namespace = ?"_s;
        values.append(namespaceName->text());
    }
    CleanupState state;
    if (scope == CleanupScope::All) {
        SANDGLASS_CHECK(addCandidates(state, active, values));
        SANDGLASS_CHECK(addRules(state));
        SANDGLASS_CHECK(addUses(state, active, values));
        return state;
    }
    // The index over what is active and expires answers this.
    const QString expired = active + u" AND expires_at IS NOT NULL AND expires_at <= ?"_s;
    values.append(toMilliseconds(m_session.now()));
    SANDGLASS_CHECK(addCandidates(state, expired, values));
    SANDGLASS_CHECK(addRules(state));
    const bool ranks =
        std::any_of(state.rules.cbegin(), state.rules.cend(), [](const RetentionRules &rules) {
            return rules.ranks();
        });
    if (!ranks) {
        SANDGLASS_CHECK(addUses(state, expired, values));
        return state;
    }
    // The other snapshots of the same sandboxes.
    const QString related =
        u"status = 'active' AND sandbox IN (SELECT sandbox FROM snapshots WHERE "_s + expired
        + u')';
    CleanupState whole;
    whole.rules = state.rules;
    SANDGLASS_CHECK(addCandidates(whole, related, values));
    SANDGLASS_CHECK(addRules(whole));
    SANDGLASS_CHECK(addUses(whole, related, values));
    return whole;
}

Result<qint64>
CleanupRepository::countActive(const std::optional<NamespaceName> &namespaceName, qint64 most)
{
    QString selection = u"SELECT 1 FROM snapshots WHERE status = 'active'"_s;
    QVariantList values;
    if (namespaceName) {
        selection += u" AND namespace = ?"_s;
        values.append(namespaceName->text());
    }
    if (most > 0) {
        selection += u" LIMIT ?"_s;
        values.append(most);
    }
    SANDGLASS_TRY(
        Query query, m_session.run(u"SELECT count(*) FROM (%1)"_s.arg(selection), values));
    return query.next() ? query.value(0).toLongLong() : 0;
}

Result<CleanupBounds> CleanupRepository::bounds()
{
    SettingsRepository settings(m_session);
    SANDGLASS_TRY(const SettingValue most, settings.effective(Setting::CleanupMostDeletions));
    SANDGLASS_TRY(const SettingValue percent, settings.effective(Setting::CleanupMostPercent));
    return CleanupBounds{most.value, percent.value};
}

} // namespace sandglass
