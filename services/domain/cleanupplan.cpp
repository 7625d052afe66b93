#include "services/domain/cleanupplan.h"

#include "services/core/names.h"
#include "services/domain/calendarperiods.h"
#include "services/domain/ttl.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <vector>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const std::array cleanupRuleNames{
    std::pair{CleanupRule::NoTtl, u"no_ttl"_s},
    std::pair{CleanupRule::NotExpired, u"not_expired"_s},
    std::pair{CleanupRule::Pinned, u"pinned"_s},
    std::pair{CleanupRule::InUse, u"in_use"_s},
    std::pair{CleanupRule::KeepLast, u"keep_last"_s},
    std::pair{CleanupRule::KeepHourly, u"keep_hourly"_s},
    std::pair{CleanupRule::KeepDaily, u"keep_daily"_s},
    std::pair{CleanupRule::KeepWeekly, u"keep_weekly"_s},
    std::pair{CleanupRule::KeepMonthly, u"keep_monthly"_s},
    std::pair{CleanupRule::Expired, u"expired"_s},
};

/// From where its TTL counts.
Timestamp beginOf(const CleanupCandidate &candidate, const RetentionRules &rules)
{
    return rules.slidingTtl && candidate.usedAt ? std::max(candidate.createdAt, *candidate.usedAt)
                                                : candidate.createdAt;
}

/// "2026-11-20 10:00:00 UTC". By hand: QDateTime takes a hundred times as long.
QString utcText(Timestamp time)
{
    using namespace std::chrono;
    const sys_time<milliseconds> at{
        milliseconds{std::clamp<qint64>(toMilliseconds(time), 0, endOfCalendarMilliseconds)}};
    const auto midnight = floor<days>(at);
    const year_month_day date{midnight};
    const hh_mm_ss clock{floor<seconds>(at) - midnight};
    char text[32];
    const int length = std::snprintf(
        text,
        sizeof text,
        "%04d-%02u-%02u %02d:%02d:%02d UTC",
        int(date.year()),
        unsigned(date.month()),
        unsigned(date.day()),
        int(clock.hours().count()),
        int(clock.minutes().count()),
        int(clock.seconds().count()));
    return QString::fromLatin1(text, length);
}

QString ttlWords(qint64 seconds)
{
    const auto words = [](qint64 count, const QString &one) {
        return QString::number(count) + u' ' + one + (count == 1 ? u""_s : u"s"_s);
    };
    if (seconds % 86'400 == 0)
        return words(seconds / 86'400, u"day"_s);
    if (seconds % 3'600 == 0)
        return words(seconds / 3'600, u"hour"_s);
    if (seconds % 60 == 0)
        return words(seconds / 60, u"minute"_s);
    return words(seconds, u"second"_s);
}

QString expiredWords(const CleanupCandidate &candidate, const CleanupEntry &entry, Timestamp begin)
{
    const QString since =
        begin == candidate.createdAt ? u" since it was created "_s : u" since it was last used "_s;
    const QString when = entry.expiresAt ? u"expired "_s + utcText(*entry.expiresAt) : u"expired"_s;
    return when + u": its time to live of "_s + ttlWords(candidate.ttlSeconds) + since
        + utcText(begin) + u" is over"_s;
}

QString pinWords(const SnapshotPin &pin)
{
    const QString until = pin.until ? u" until "_s + utcText(*pin.until) : QString();
    return u"pinned by "_s + pin.by + until + u": "_s + pin.reason;
}

QString periodWords(qint64 count, const QString &period)
{
    return u"the newest of its "_s + period + u", for the last "_s + QString::number(count) + u' '
        + period + u"s that have one"_s;
}

QString
reasonOf(const CleanupCandidate &candidate, const RetentionRules &rules, const CleanupEntry &entry)
{
    switch (entry.rule) {
    case CleanupRule::NoTtl:
        return u"it never expires"_s;
    case CleanupRule::NotExpired:
        return entry.expiresAt ? u"expires "_s + utcText(*entry.expiresAt) : u"it never expires"_s;
    case CleanupRule::Pinned:
        return pinWords(*candidate.pin);
    case CleanupRule::InUse:
        return u"a sandbox that was restored from it runs"_s;
    case CleanupRule::KeepLast:
        return u"one of the newest "_s + QString::number(rules.keepLast) + u" of sandbox "_s
            + candidate.sandbox.text();
    case CleanupRule::KeepHourly:
        return periodWords(rules.keepHourly, u"hour"_s);
    case CleanupRule::KeepDaily:
        return periodWords(rules.keepDaily, u"day"_s);
    case CleanupRule::KeepWeekly:
        return periodWords(rules.keepWeekly, u"week"_s);
    case CleanupRule::KeepMonthly:
        return periodWords(rules.keepMonthly, u"month"_s);
    case CleanupRule::Expired:
        return expiredWords(candidate, entry, beginOf(candidate, rules));
    }
    return {};
}

/// What the ranks of a sandbox's snapshots decide: of each, the first rule that keeps it.
using Ranking = std::vector<std::optional<CleanupRule>>;

/// `newestFirst` are the positions of one sandbox's candidates.
void rankSandbox(
    const CleanupState &state,
    const std::vector<qsizetype> &newestFirst,
    const RetentionRules &rules,
    CalendarPeriods &periods,
    Ranking &ranking)
{
    const auto keep = [&ranking](qsizetype position, CleanupRule rule) {
        if (!ranking[position])
            ranking[position] = rule;
    };
    for (size_t i = 0; i < newestFirst.size() && qint64(i) < rules.keepLast; ++i)
        keep(newestFirst[i], CleanupRule::KeepLast);

    struct PeriodRule
    {
        CleanupRule rule;
        qint64 count;
        qint64 (CalendarPeriods::*period)(Timestamp);
    };
    const std::array periodRules{
        PeriodRule{CleanupRule::KeepHourly, rules.keepHourly, &CalendarPeriods::hour},
        PeriodRule{CleanupRule::KeepDaily, rules.keepDaily, &CalendarPeriods::day},
        PeriodRule{CleanupRule::KeepWeekly, rules.keepWeekly, &CalendarPeriods::week},
        PeriodRule{CleanupRule::KeepMonthly, rules.keepMonthly, &CalendarPeriods::month},
    };
    for (const auto &[rule, count, period] : periodRules) {
        QSet<qint64> seen;
        for (const qsizetype position : newestFirst) {
            if (seen.size() >= count)
                break;
            const qint64 key = (periods.*period)(state.candidates[position].createdAt);
            if (seen.contains(key))
                continue;
            seen.insert(key);
            keep(position, rule);
        }
    }
}

bool isOlder(const CleanupCandidate &left, const CleanupCandidate &right)
{
    return left.createdAt != right.createdAt ? left.createdAt < right.createdAt
                                             : left.snapshot < right.snapshot;
}

Ranking rank(const CleanupState &state, const QTimeZone &zone)
{
    QHash<SandboxId, std::vector<qsizetype>> bySandbox;
    for (qsizetype i = 0; i < state.candidates.size(); ++i) {
        if (state.rules.value(state.candidates[i].namespaceName).ranks())
            bySandbox[state.candidates[i].sandbox].push_back(i);
    }
    Ranking ranking(state.candidates.size());
    CalendarPeriods periods(zone);
    for (std::vector<qsizetype> &positions : bySandbox) {
        std::sort(positions.begin(), positions.end(), [&state](qsizetype left, qsizetype right) {
            return isOlder(state.candidates[right], state.candidates[left]);
        });
        const NamespaceName &space = state.candidates[positions.front()].namespaceName;
        rankSandbox(state, positions, state.rules.value(space), periods, ranking);
    }
    return ranking;
}

CleanupRule decide(
    const CleanupCandidate &candidate,
    const RetentionRules &rules,
    const std::optional<CleanupRule> &rank,
    Timestamp now)
{
    if (candidate.ttlSeconds <= 0)
        return CleanupRule::NoTtl;
    if (!isExpired(beginOf(candidate, rules), candidate.ttlSeconds, now))
        return CleanupRule::NotExpired;
    if (candidate.pin && candidate.pin->holds(now))
        return CleanupRule::Pinned;
    if (rules.keepInUse && candidate.inUse)
        return CleanupRule::InUse;
    return rank.value_or(CleanupRule::Expired);
}

/// Which layers go: those of what is deleted, unless something that stays is built on them.
std::vector<bool> layersThatGo(const CleanupState &state, const std::vector<CleanupEntry> &entries)
{
    QHash<SnapshotId, qsizetype> positions;
    positions.reserve(state.candidates.size());
    for (qsizetype i = 0; i < state.candidates.size(); ++i)
        positions.insert(state.candidates[i].snapshot, i);

    std::vector<bool> goes(entries.size());
    std::vector<qsizetype> staying;
    for (size_t i = 0; i < entries.size(); ++i) {
        const CleanupCandidate &candidate = state.candidates[qsizetype(i)];
        goes[i] = entries[i].deletes() && !candidate.inUse
            && !state.alsoUsed.contains(candidate.snapshot);
        if (!goes[i])
            staying.push_back(qsizetype(i));
    }
    while (!staying.empty()) {
        const SnapshotId &parent = state.candidates[staying.back()].parent;
        staying.pop_back();
        const auto below = positions.constFind(parent);
        if (below == positions.constEnd() || !goes[*below])
            continue;
        goes[*below] = false;
        staying.push_back(*below);
    }
    return goes;
}

std::optional<qint64> freedBytes(const CleanupCandidate &candidate)
{
    if (!candidate.ownBytes)
        return std::nullopt;
    const qint64 places = std::max(candidate.engines, 0);
    const qint64 most = std::numeric_limits<qint64>::max();
    return places > 0 && *candidate.ownBytes > most / places ? most : *candidate.ownBytes * places;
}

} // namespace

QString nameOf(CleanupRule rule)
{
    return nameIn(cleanupRuleNames, rule);
}

bool deletes(CleanupRule rule)
{
    return rule == CleanupRule::Expired;
}

std::optional<Timestamp> expiryOf(const CleanupCandidate &candidate, const RetentionRules &rules)
{
    return expiryOf(beginOf(candidate, rules), candidate.ttlSeconds);
}

QList<CleanupEntry> planCleanup(const CleanupState &state, Timestamp now, const QTimeZone &zone)
{
    const Ranking ranking = rank(state, zone);
    std::vector<CleanupEntry> entries;
    entries.reserve(state.candidates.size());
    for (qsizetype i = 0; i < state.candidates.size(); ++i) {
        const CleanupCandidate &candidate = state.candidates[i];
        const RetentionRules rules = state.rules.value(candidate.namespaceName);
        CleanupEntry entry;
        entry.snapshot = candidate.snapshot;
        entry.sandbox = candidate.sandbox;
        entry.namespaceName = candidate.namespaceName;
        entry.rule = decide(candidate, rules, ranking[i], now);
        entry.expiresAt = expiryOf(candidate, rules);
        entry.reason = reasonOf(candidate, rules, entry);
        entry.bytes = 0;
        entries.push_back(std::move(entry));
    }
    const std::vector<bool> goes = layersThatGo(state, entries);
    std::vector<qsizetype> order(entries.size());
    for (size_t i = 0; i < entries.size(); ++i) {
        order[i] = qsizetype(i);
        if (goes[i])
            entries[i].bytes = freedBytes(state.candidates[qsizetype(i)]);
    }
    std::sort(order.begin(), order.end(), [&](qsizetype left, qsizetype right) {
        const bool leftGoes = entries[left].deletes();
        if (leftGoes != entries[right].deletes())
            return leftGoes;
        return isOlder(state.candidates[left], state.candidates[right]);
    });
    QList<CleanupEntry> sorted;
    sorted.reserve(qsizetype(entries.size()));
    for (const qsizetype position : order)
        sorted.append(std::move(entries[position]));
    return sorted;
}

QString questionBefore(qint64 deletions, qint64 active, const CleanupBounds &bounds)
{
    if (deletions > bounds.most) {
        return u"it would delete %1 snapshots, and more than %2 at once are asked about first"_s
            .arg(deletions)
            .arg(bounds.most);
    }
    if (deletions >= CleanupBounds::percentFrom && deletions * 100 > active * bounds.percent) {
        return u"it would delete %1 of %2 active snapshots, and more than %3 % are asked about "
               "first"_s.arg(deletions)
                   .arg(active)
                   .arg(bounds.percent);
    }
    return {};
}

} // namespace sandglass
