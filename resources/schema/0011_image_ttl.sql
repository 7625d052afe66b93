-- The TTL that the label of its image says. What was changed since is told to the engine by a second name.
ALTER TABLE snapshots ADD COLUMN image_ttl_secs INTEGER NOT NULL DEFAULT 0
----
UPDATE snapshots SET image_ttl_secs = ttl_secs
----
CREATE INDEX snapshots_with_notes ON snapshots (id)
    WHERE status = 'trashed' OR pin_reason IS NOT NULL OR ttl_secs <> image_ttl_secs
