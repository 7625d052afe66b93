// What a cleanup costs: planning with every rule on, and finding what has expired in a store, for
// 10^3 to 10^6 snapshots. Prints milliseconds, the median of seven.
#include "services/domain/cleanupplan.h"
#include "services/storage/database.h"
#include "services/usecases/cleanupplanning.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTextStream>

#include <algorithm>
#include <array>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int rounds = 7;

template <class Work> double medianMilliseconds(Work work)
{
    std::array<double, rounds> times;
    for (double &time : times) {
        QElapsedTimer timer;
        timer.start();
        work();
        time = double(timer.nsecsElapsed()) / 1e6;
    }
    std::sort(times.begin(), times.end());
    return times[rounds / 2];
}

/// Ten snapshots of each sandbox, an hour from one to the next; all have expired.
CleanupState candidates(qint64 count, Timestamp now)
{
    const NamespaceName space = NamespaceName::trusted(u"team"_s);
    CleanupState state;
    state.rules.insert(space, {3, 24, 7, 4, 12, true, true});
    for (qint64 i = 0; i < count; ++i) {
        CleanupCandidate one;
        one.snapshot = SnapshotId::trusted(u"snap-%1"_s.arg(i, 16, 10, QChar(u'0')));
        one.sandbox = SandboxId::trusted(u"sb-%1"_s.arg(i / 10));
        one.namespaceName = space;
        one.createdAt = now - std::chrono::hours(i % 20'000 + 2);
        one.ttlSeconds = 3'600;
        one.ownBytes = 1'000;
        state.candidates.append(one);
    }
    return state;
}

Done fill(Database &database, qint64 count, qint64 expired)
{
    return database.write([&](Session &session) -> Done {
        const qint64 now = toMilliseconds(session.now());
        for (const QString &statement :
             {u"INSERT INTO engines (name, address, state, version, api_version, platform, "
              "storage_driver, error, created_seq, changed_seq) "
              "VALUES ('a', 'unix:///none', 'connected', '', '', '', '', '', 1, 1)"_s,
              u"INSERT INTO namespaces VALUES ('team', 0)"_s,
              u"INSERT INTO sandboxes (id, namespace, display_name, engine, container_id, status, "
              "config, restored_from, error, created_at, changed_at, confirmed_at, created_seq, "
              "changed_seq) VALUES ('sb-1', 'team', '', 'a', '', 'running', '{}', '', '', 0, 0, 0, "
              "1, 1)"_s}) {
            SANDGLASS_CHECK(session.run(statement));
        }
        SANDGLASS_CHECK(session.run(
            u"WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n "
            "< ? - 1) INSERT INTO snapshots (id, sandbox, namespace, engine, status, error, tag, "
            "note, pause, ttl_secs, created_at, expires_at, changed_at, changed_bytes, image_ref, "
            "config, parent, created_seq, changed_seq) SELECT printf('snap-%016d', n), 'sb-1', "
            "'team', 'a', 'active', '', '', '', 1, 3600, ? - 7200000, "
            "CASE WHEN n < ? THEN ? - 3600000 ELSE ? + 3600000 END, 0, 1000, '', '{}', '', 1, 1 "
            "FROM numbers"_s,
            {count, now, expired, now, now}));
        SANDGLASS_CHECK(session.run(
            u"INSERT INTO locations (snapshot, kind, place, state, image_ref, image_id, digest, "
            "error, changed_at) SELECT id, 'engine', 'a', 'present', '', '', '', '', 0 FROM "
            "snapshots"_s));
        return {};
    });
}

} // namespace

int main()
{
    QTextStream out(stdout);
    const SystemClock clock;
    const QTimeZone zone("Europe/Berlin");
    for (const qint64 count : {1'000, 10'000, 100'000, 1'000'000}) {
        const CleanupState state = candidates(count, clock.now());
        qsizetype entries = 0;
        const double planned =
            medianMilliseconds([&] { entries = planCleanup(state, clock.now(), zone).size(); });
        out << "plan with all rules over " << entries << ": " << planned << " ms" << Qt::endl;
    }
    for (const qint64 count : {1'000, 10'000, 100'000, 1'000'000}) {
        for (const qint64 expired : {0, 1'000}) {
            const QTemporaryDir folder;
            const auto database = Database::open(folder.filePath(u"sandglass.db"_s), clock);
            if (const Done filled = fill(**database, count, expired); !filled) {
                out << filled.error().summary() << Qt::endl;
                return 1;
            }
            qint64 deletions = 0;
            const double found = medianMilliseconds([&] {
                const auto plan = (*database)->read([](Session &session) {
                    return makeCleanupPlan(session, {}, CleanupScope::Expired);
                });
                deletions = plan->deletions;
            });
            out << "find among " << count << ", " << deletions << " expired: " << found << " ms"
                << Qt::endl;
        }
    }
}
