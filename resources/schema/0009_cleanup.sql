-- What keeps a snapshot: pin_reason is NULL when it is not pinned, pinned_until when the pin is for good.
ALTER TABLE snapshots ADD COLUMN pin_reason TEXT
----
ALTER TABLE snapshots ADD COLUMN pinned_by TEXT NOT NULL DEFAULT ''
----
ALTER TABLE snapshots ADD COLUMN pinned_until INTEGER
----
-- When a sandbox was last restored from it.
ALTER TABLE snapshots ADD COLUMN used_at INTEGER
----
-- When what is in the trash is deleted.
ALTER TABLE snapshots ADD COLUMN trashed_until INTEGER
----
-- What has expired is found without looking at what has not.
DROP INDEX snapshots_by_expiry
----
CREATE INDEX snapshots_active_by_expiry ON snapshots (expires_at) WHERE status = 'active' AND expires_at IS NOT NULL
----
CREATE INDEX snapshots_in_trash ON snapshots (trashed_until) WHERE status = 'trashed'
----
CREATE INDEX snapshots_by_parent ON snapshots (parent) WHERE parent <> ''
----
CREATE TABLE cleanup_runs (
    id TEXT PRIMARY KEY,
    by_timer INTEGER NOT NULL,
    requested_by TEXT NOT NULL,
    plan_made_at INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    owner TEXT NOT NULL,
    created_seq INTEGER NOT NULL
)
----
CREATE INDEX cleanup_runs_by_seq ON cleanup_runs (created_seq)
----
CREATE TABLE cleanup_items (
    run TEXT NOT NULL REFERENCES cleanup_runs (id) ON DELETE CASCADE,
    snapshot TEXT NOT NULL,
    namespace TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    operation TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (run, snapshot)
)
----
CREATE INDEX cleanup_items_by_outcome ON cleanup_items (outcome, run)
----
-- When the timer last looked, and what it asks before it goes on; empty for nothing.
CREATE TABLE cleanup_timer (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    last_at INTEGER NOT NULL,
    question TEXT NOT NULL
)
----
INSERT INTO cleanup_timer (only_row, last_at, question) VALUES (1, 0, '')
