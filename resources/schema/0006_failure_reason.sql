-- Why a failed snapshot failed: the kind of the error; empty for all others, and for those that failed before.
ALTER TABLE snapshots ADD COLUMN failure TEXT NOT NULL DEFAULT ''
----
-- Operations are listed in the order in which they were asked for, whatever the clock did.
CREATE INDEX operations_by_seq ON operations (created_seq)
