#include "services/storage/auditlog.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Text as it comes back from the database, without lone surrogates: that is what is hashed.
QString sound(const QString &text)
{
    return QString::fromUtf8(text.toUtf8());
}

Done append(Session &session, Timestamp at, const AuditEntry &entry)
{
    SANDGLASS_TRY(Query head, session.run(u"SELECT seq, hash FROM audit_head"_s));
    if (!head.next())
        return failure(ErrorKind::StorageDamaged, u"the head of the audit is missing"_s);
    AuditRecord record;
    record.seq = head.value(0).toLongLong() + 1;
    record.at = at;
    record.entry.who = {sound(entry.who.user), sound(entry.who.program), sound(entry.who.address)};
    record.entry.action = sound(entry.action);
    record.entry.object = sound(entry.object);
    record.entry.result = sound(entry.result);
    record.entry.reason = sound(entry.reason);
    record.previousHash = head.value(1).toString();
    record.hash = auditHash(record);
    SANDGLASS_CHECK(session.run(
        u"INSERT INTO audit (seq, at, who_user, who_program, who_address, action, object, result, "
        "reason, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
        {record.seq,
         toMilliseconds(at),
         nonNull(record.entry.who.user),
         nonNull(record.entry.who.program),
         nonNull(record.entry.who.address),
         nonNull(record.entry.action),
         nonNull(record.entry.object),
         nonNull(record.entry.result),
         nonNull(record.entry.reason),
         nonNull(record.previousHash),
         record.hash}));
    SANDGLASS_CHECK(
        session.run(u"UPDATE audit_head SET seq = ?, hash = ?"_s, {record.seq, record.hash}));
    return {};
}

} // namespace

Done appendAudit(Session &session, const AuditEntry &entry)
{
    return append(session, session.now(), entry);
}

Result<QList<AuditRecord>> listAudit(Session &session, const AuditFilter &filter)
{
    QStringList terms;
    QVariantList values;
    const auto add = [&](bool wanted, const QString &term, const QVariantList &bound) {
        if (wanted) {
            terms.append(term);
            values.append(bound);
        }
    };
    const QString who = containing(filter.who);
    add(!filter.object.isEmpty(), u"object = ?"_s, {filter.object});
    add(!filter.action.isEmpty(), u"action = ?"_s, {filter.action});
    add(!filter.who.isEmpty(),
        u"(who_user LIKE ? ESCAPE '\\' OR who_program LIKE ? ESCAPE '\\' "
        "OR who_address LIKE ? ESCAPE '\\')"_s,
        {who, who, who});
    add(filter.since.has_value(), u"at >= ?"_s, {toColumn(filter.since)});
    add(filter.until.has_value(), u"at < ?"_s, {toColumn(filter.until)});
    add(filter.before.has_value(), u"seq < ?"_s, {toColumn(filter.before)});
    add(filter.after.has_value(), u"seq > ?"_s, {toColumn(filter.after)});

    QString sql = u"SELECT "_s + auditColumns() + u" FROM audit"_s;
    if (!terms.isEmpty())
        sql += u" WHERE "_s + terms.join(u" AND "_s);
    sql += u" ORDER BY seq DESC"_s;
    if (filter.limit > 0)
        sql += u" LIMIT %1"_s.arg(filter.limit);
    SANDGLASS_TRY(Query query, session.run(sql, values));
    QList<AuditRecord> records;
    while (query.next())
        records.append(auditRecordFrom(query));
    return records;
}

Done chainOldAudit(Session &session)
{
    { // a table that is being read cannot be dropped
        SANDGLASS_TRY(
            Query old,
            session.run(u"SELECT at, who, action, subject, result, reason FROM audit_unchained "
                        "ORDER BY seq"_s));
        while (old.next()) {
            SANDGLASS_CHECK(append(
                session,
                fromMilliseconds(old.value(0).toLongLong()),
                {Caller::parse(old.value(1).toString()),
                 old.value(2).toString(),
                 old.value(3).toString(),
                 old.value(4).toString(),
                 old.value(5).toString()}));
        }
    }
    SANDGLASS_CHECK(session.run(u"DROP TABLE audit_unchained"_s));
    return {};
}

QString auditColumns()
{
    return u"audit.seq, audit.at, audit.who_user, audit.who_program, audit.who_address, "
           "audit.action, audit.object, audit.result, audit.reason, audit.previous_hash, "
           "audit.hash"_s;
}

AuditRecord auditRecordFrom(const Query &row)
{
    AuditRecord record;
    record.seq = row.value(0).toLongLong();
    record.at = fromMilliseconds(row.value(1).toLongLong());
    record.entry.who = {row.value(2).toString(), row.value(3).toString(), row.value(4).toString()};
    record.entry.action = row.value(5).toString();
    record.entry.object = row.value(6).toString();
    record.entry.result = row.value(7).toString();
    record.entry.reason = row.value(8).toString();
    record.previousHash = row.value(9).toString();
    record.hash = row.value(10).toString();
    return record;
}

} // namespace sandglass
