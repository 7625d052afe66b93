#include "services/storage/auditverification.h"

#include "services/storage/auditlog.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostFindings = 100;
constexpr int headSeqColumn = 11; // after those of a record
constexpr int headHashColumn = 12;

/// "record 4" or "records 4 to 6".
QString records(qint64 first, qint64 last)
{
    return first == last ? u"record %1"_s.arg(first) : u"records %1 to %2"_s.arg(first).arg(last);
}

/// The seq of the record with this hash; 0 for the empty one, that which the first record names.
Result<std::optional<qint64>> seqOf(Session &session, const QString &hash)
{
    if (hash.isEmpty())
        return std::optional<qint64>(0);
    SANDGLASS_TRY(
        Query query, session.run(u"SELECT seq FROM audit WHERE hash = ? LIMIT 1"_s, {hash}));
    return query.next() ? std::optional(query.value(0).toLongLong()) : std::nullopt;
}

/// Why a record does not name the one before it.
QString brokenLink(qint64 seq, const std::optional<qint64> &writtenAfter)
{
    if (!writtenAfter) {
        return u"removed: what was between records %1 and %2; or changed: record %1"_s.arg(seq - 1)
            .arg(seq);
    }
    if (*writtenAfter >= seq)
        return u"moved: record %1, which was written after record %2"_s.arg(seq).arg(*writtenAfter);
    return u"inserted or moved: %1; record %2 was written right after record %3"_s
        .arg(records(*writtenAfter + 1, seq - 1))
        .arg(seq)
        .arg(*writtenAfter);
}

/// Follows the chain from its begin.
class ChainCheck
{
public:
    explicit ChainCheck(Session &session)
        : m_session(session)
    { }

    Done add(const AuditRecord &record)
    {
        ++m_report.records;
        const qint64 expected = m_last.seq + 1;
        if (record.seq < expected) {
            find(record.seq, u"inserted: record %1; numbers begin at 1"_s.arg(record.seq));
            return {};
        }
        if (record.hash != auditHash(record))
            find(record.seq, u"changed: record %1"_s.arg(record.seq));
        if (record.seq > expected) {
            const qint64 last = record.seq - 1;
            find(expected, u"removed: %1"_s.arg(records(expected, last)));
        } else if (record.previousHash != m_last.hash) {
            SANDGLASS_TRY(const auto writtenAfter, seqOf(m_session, record.previousHash));
            find(record.seq, brokenLink(record.seq, writtenAfter));
        }
        m_last = record;
        return {};
    }

    /// `seq` and `hash`: what the head says of the last record.
    AuditReport finish(qint64 seq, const QString &hash)
    {
        m_report.lastSeq = seq;
        m_report.lastHash = hash;
        if (m_last.seq < seq)
            find(seq, u"removed at the end: %1"_s.arg(records(m_last.seq + 1, seq)));
        else if (m_last.seq > seq)
            find(seq + 1, u"inserted at the end: %1"_s.arg(records(seq + 1, m_last.seq)));
        else if (m_last.hash != hash)
            find(seq, u"changed: record %1 is not the one that was written last"_s.arg(seq));
        return m_report;
    }

private:
    void find(qint64 seq, const QString &what)
    {
        if (m_report.findings.size() < mostFindings)
            m_report.findings.append({seq, what});
    }

    Session &m_session;
    AuditRecord m_last; // seq 0 and an empty hash before the first
    AuditReport m_report;
};

} // namespace

Result<AuditReport> verifyAudit(Session &session)
{
    // One statement sees one state of the database, whoever appends meanwhile.
    SANDGLASS_TRY(
        Query query,
        session.run(
            u"SELECT "_s + auditColumns()
            + u", head.seq, head.hash FROM (SELECT max(seq) AS seq, max(hash) AS hash "
              "FROM audit_head) AS head LEFT JOIN audit ON true ORDER BY audit.seq"_s));
    ChainCheck check(session);
    QVariant headSeq;
    QString headHash;
    while (query.next()) {
        headSeq = query.value(headSeqColumn);
        headHash = query.value(headHashColumn).toString();
        if (!query.value(0).isNull())
            SANDGLASS_CHECK(check.add(auditRecordFrom(query)));
    }
    AuditReport report = check.finish(headSeq.toLongLong(), headHash);
    if (headSeq.isNull())
        report.findings.prepend({0, u"removed: what tells which record is the last"_s});
    return report;
}

} // namespace sandglass
