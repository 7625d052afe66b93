#include "services/storage/cleanuprunrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int keptRuns = 1'000;

const QString selectRuns =
    u"SELECT id, by_timer, requested_by, plan_made_at, started_at, finished_at, "
    "count(snapshot), "
    "count(*) FILTER (WHERE outcome IN ('deleted', 'trashed')), "
    "count(*) FILTER (WHERE outcome = 'skipped'), "
    "count(*) FILTER (WHERE outcome = 'failed'), "
    "coalesce(sum(bytes) FILTER (WHERE outcome = 'deleted'), 0) "
    "FROM cleanup_runs LEFT JOIN cleanup_items ON run = id "_s;

const QString openRuns =
    u"(SELECT run FROM cleanup_items WHERE outcome IN ('planned', 'deleting'))"_s;

const QString selectItems =
    u"SELECT snapshot, namespace, outcome, reason, operation, bytes FROM cleanup_items "_s;

CleanupRun cleanupRunFrom(const Query &row)
{
    CleanupRun run;
    run.id = row.value(0).toString();
    run.byTimer = row.value(1).toBool();
    run.caller = Caller::parse(row.value(2).toString());
    run.planMadeAt = fromMilliseconds(row.value(3).toLongLong());
    run.startedAt = fromMilliseconds(row.value(4).toLongLong());
    run.finishedAt = timeFrom(row.value(5));
    run.planned = row.value(6).toLongLong();
    run.deleted = row.value(7).toLongLong();
    run.skipped = row.value(8).toLongLong();
    run.failed = row.value(9).toLongLong();
    run.bytes = row.value(10).toLongLong();
    return run;
}

QList<CleanupItem> cleanupItemsFrom(Query &rows)
{
    QList<CleanupItem> items;
    while (rows.next()) {
        items.append(
            {SnapshotId::trusted(rows.value(0).toString()),
             NamespaceName::trusted(rows.value(1).toString()),
             cleanupOutcomeFrom(rows.value(2).toString()),
             rows.value(3).toString(),
             OperationId::trusted(rows.value(4).toString()),
             rows.value(5).toLongLong()});
    }
    return items;
}

} // namespace

Done CleanupRunRepository::insert(const CleanupRun &run, const QString &owner)
{
    SANDGLASS_TRY(const qint64 seq, m_session.recordChange(Change::Subject::Cleanup, run.id));
    SANDGLASS_CHECK(m_session.run(
        u"INSERT INTO cleanup_runs (id, by_timer, requested_by, plan_made_at, started_at, "
        "finished_at, owner, created_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s,
        {run.id,
         run.byTimer,
         run.caller.text(),
         toMilliseconds(run.planMadeAt),
         toMilliseconds(run.startedAt),
         toColumn(run.finishedAt),
         nonNull(owner),
         seq}));
    for (const CleanupItem &item : run.items) {
        SANDGLASS_CHECK(m_session.run(
            u"INSERT INTO cleanup_items (run, snapshot, namespace, outcome, reason, operation, "
            "bytes) VALUES (?, ?, ?, ?, ?, ?, ?)"_s,
            {run.id,
             item.snapshot.text(),
             item.namespaceName.text(),
             nameOf(item.outcome),
             nonNull(item.reason),
             nonNull(item.operation.text()),
             item.bytes}));
    }
    SANDGLASS_CHECK(m_session.run(
        u"DELETE FROM cleanup_runs WHERE finished_at IS NOT NULL AND created_seq < "
        "(SELECT created_seq FROM cleanup_runs ORDER BY created_seq DESC LIMIT 1 OFFSET ?)"_s,
        {keptRuns - 1}));
    return {};
}

Result<QList<CleanupRun>>
CleanupRunRepository::select(const QString &selection, const QVariantList &values)
{
    SANDGLASS_TRY(Query query, m_session.run(selectRuns + selection, values));
    QList<CleanupRun> runs;
    while (query.next())
        runs.append(cleanupRunFrom(query));
    return runs;
}

Result<QList<CleanupRun>> CleanupRunRepository::list(int limit)
{
    return select(
        u"WHERE created_seq >= coalesce((SELECT created_seq FROM cleanup_runs "
        "ORDER BY created_seq DESC LIMIT 1 OFFSET ?), 0) "
        "GROUP BY id ORDER BY created_seq DESC"_s,
        {limit - 1});
}

Result<CleanupRun> CleanupRunRepository::find(const QString &id)
{
    SANDGLASS_TRY(const QList<CleanupRun> runs, select(u"WHERE id = ? GROUP BY id"_s, {id}));
    if (runs.isEmpty())
        return failure(ErrorKind::NotFound, u"cleanup %1"_s.arg(id.left(80)));
    return runs.first();
}

Result<QList<CleanupItem>> CleanupRunRepository::items(const QString &run)
{
    SANDGLASS_TRY(
        Query query, m_session.run(selectItems + u"WHERE run = ? ORDER BY snapshot"_s, {run}));
    return cleanupItemsFrom(query);
}

Result<QList<CleanupItem>> CleanupRunRepository::planned(const QString &run, int limit)
{
    SANDGLASS_TRY(
        Query items,
        m_session.run(
            selectItems + u"WHERE run = ? AND outcome = 'planned' ORDER BY snapshot LIMIT ?"_s,
            {run, limit}));
    return cleanupItemsFrom(items);
}

Done CleanupRunRepository::saveItem(const QString &run, const CleanupItem &item)
{
    SANDGLASS_CHECK(m_session.recordChange(Change::Subject::Cleanup, run));
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE cleanup_items SET outcome = ?, reason = ?, operation = ? "
        "WHERE run = ? AND snapshot = ?"_s,
        {nameOf(item.outcome),
         nonNull(item.reason),
         nonNull(item.operation.text()),
         run,
         item.snapshot.text()}));
    return {};
}

Result<QList<QPair<QString, QString>>> CleanupRunRepository::unfinishedRuns()
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(u"SELECT id, owner FROM cleanup_runs WHERE id IN "
                      "(SELECT run FROM cleanup_items WHERE outcome = 'planned')"_s));
    QList<QPair<QString, QString>> runs;
    while (query.next())
        runs.append({query.value(0).toString(), query.value(1).toString()});
    return runs;
}

Result<bool> CleanupRunRepository::mustSettle()
{
    SANDGLASS_TRY(
        Query query,
        m_session.run(
            u"SELECT 1 FROM cleanup_items JOIN operations ON operations.id = operation "
            "WHERE outcome = 'deleting' AND operations.finished_at IS NOT NULL "
            "UNION ALL SELECT 1 FROM cleanup_runs WHERE finished_at IS NULL AND id NOT IN "_s
            + openRuns + u" LIMIT 1"_s));
    return query.next();
}

Done CleanupRunRepository::settle()
{
    SANDGLASS_TRY(
        Query ended,
        m_session.run(u"SELECT run, cleanup_items.snapshot, cleanup_items.namespace, state, "
                      "reason, operation, bytes, error FROM cleanup_items "
                      "JOIN operations ON operations.id = operation "
                      "WHERE outcome = 'deleting' AND operations.finished_at IS NOT NULL"_s));
    QList<QPair<QString, CleanupItem>> items;
    while (ended.next()) {
        CleanupItem item;
        item.snapshot = SnapshotId::trusted(ended.value(1).toString());
        item.namespaceName = NamespaceName::trusted(ended.value(2).toString());
        const bool deleted = ended.value(3).toString() == u"succeeded"_s;
        item.outcome = deleted ? CleanupOutcome::Deleted : CleanupOutcome::Failed;
        item.reason = ended.value(deleted ? 4 : 7).toString();
        item.operation = OperationId::trusted(ended.value(5).toString());
        items.append({ended.value(0).toString(), item});
    }
    for (const auto &[run, item] : std::as_const(items))
        SANDGLASS_CHECK(saveItem(run, item));
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE cleanup_runs SET finished_at = ? WHERE finished_at IS NULL AND id NOT IN "_s
            + openRuns,
        {toMilliseconds(m_session.now())}));
    return {};
}

Result<CleanupRunRepository::Timer> CleanupRunRepository::timer()
{
    SANDGLASS_TRY(Query query, m_session.run(u"SELECT last_at, question FROM cleanup_timer"_s));
    if (!query.next())
        return failure(rowError(u"cleanup_timer"_s, u"no row"_s));
    return Timer{fromMilliseconds(query.value(0).toLongLong()), query.value(1).toString()};
}

Done CleanupRunRepository::saveTimer(const Timer &timer)
{
    SANDGLASS_CHECK(m_session.run(
        u"UPDATE cleanup_timer SET last_at = ?, question = ?"_s,
        {toMilliseconds(timer.lastAt), nonNull(timer.question)}));
    return {};
}

} // namespace sandglass
