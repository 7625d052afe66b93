#pragma once

#include "services/core/clock.h"
#include "services/domain/caller.h"

#include <QList>

#include <optional>

namespace sandglass {

/// Who did what to which object, and why.
struct AuditEntry
{
    Caller who;
    QString action; ///< "create_snapshot"
    QString object; ///< its id; an engine's name; "max_snapshots_per_namespace", "team/…" in one
    QString result; ///< "requested", "active", "failed: …"
    QString reason; ///< the operator's, when one was asked for

    bool operator==(const AuditEntry &) const = default;
};

/// An entry as the audit keeps it, chained to the one before.
struct AuditRecord
{
    qint64 seq = 0; ///< from 1, without gaps
    Timestamp at;
    AuditEntry entry;
    QString previousHash; ///< `hash` of the record before; empty for the first
    QString hash; ///< see auditHash()

    bool operator==(const AuditRecord &) const = default;
};

/// SHA-256, in lower-case hexadecimal digits, over the netstrings ("5:hello,": length in bytes as a
/// decimal number, ':', UTF-8, ',') of, in this order: previousHash, at (milliseconds since the
/// epoch as a decimal number), user, program, address, action, object, result, reason. `seq` is not
/// in it: the place of a record is after the one that it names. Pure.
[[nodiscard]] QString auditHash(const AuditRecord &record);

/// What to list; nothing and empty mean "all".
struct AuditFilter
{
    QString object; ///< exactly this one
    QString action; ///< exactly this one
    QString who; ///< contained in user, program or address; case-insensitive for a-z
    std::optional<Timestamp> since; ///< at or after
    std::optional<Timestamp> until; ///< before
    std::optional<qint64> before; ///< only records with a smaller seq
    std::optional<qint64> after; ///< only records with a larger seq
    int limit = 0; ///< 0 = all
};

/// One thing that is wrong with the audit.
struct AuditFinding
{
    qint64 seq = 0; ///< of the record that it was seen at; 0 when it is about the whole
    QString what; ///< "changed: record 12"

    bool operator==(const AuditFinding &) const = default;
};

/// What a check of the whole audit found.
struct AuditReport
{
    qint64 records = 0;
    qint64 lastSeq = 0; ///< as kept beside the records
    QString lastHash;
    QList<AuditFinding> findings; ///< empty: whole. At most the first hundred

    [[nodiscard]] bool isWhole() const { return findings.isEmpty(); }
};

} // namespace sandglass
