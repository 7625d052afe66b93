-- Snapshots that are taken by themselves. next_run_at is NULL when it is paused, taking_at when nothing is being taken.
CREATE TABLE schedules (
    id TEXT PRIMARY KEY,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    sandbox TEXT NOT NULL,
    selector TEXT NOT NULL,
    cron TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    ttl_secs INTEGER,
    tag_pattern TEXT NOT NULL,
    paused INTEGER NOT NULL,
    next_run_at INTEGER,
    last_run_at INTEGER,
    taking_at INTEGER,
    error TEXT NOT NULL,
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL,
    UNIQUE (namespace, name)
)
----
CREATE INDEX schedules_by_next_run ON schedules (next_run_at)
----
-- Which schedule took it, also when that is gone; empty: somebody asked for it.
ALTER TABLE snapshots ADD COLUMN schedule TEXT NOT NULL DEFAULT ''
