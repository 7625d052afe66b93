-- Each record of the audit holds the hash of the one before; audit_head repeats the last one's, so that records that are
-- missing at the end are missed. What is in audit_unchained is appended by the program right after these statements.
ALTER TABLE audit RENAME TO audit_unchained
----
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who_user TEXT NOT NULL,
    who_program TEXT NOT NULL,
    who_address TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    result TEXT NOT NULL,
    reason TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
)
----
CREATE INDEX audit_by_object ON audit (object)
----
CREATE TABLE audit_head (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
)
----
INSERT INTO audit_head (only_row, seq, hash) VALUES (1, 0, '')
----
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END
----
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END
