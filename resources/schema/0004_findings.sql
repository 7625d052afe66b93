-- What looks like secrets in a snapshot: where and of what kind, never what; JSON, empty for nothing.
ALTER TABLE snapshots ADD COLUMN findings TEXT NOT NULL DEFAULT ''
