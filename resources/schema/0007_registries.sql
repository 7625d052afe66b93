-- Where snapshots travel. Never a secret: what the keychain, a helper or the service's manager keeps is only pointed at.
CREATE TABLE registries (
    name TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    repository TEXT NOT NULL,
    insecure INTEGER NOT NULL,
    authorities_file TEXT NOT NULL,
    namespaces TEXT NOT NULL,
    position INTEGER NOT NULL,
    credential_source TEXT NOT NULL,
    username TEXT NOT NULL,
    waits_for_credentials INTEGER NOT NULL,
    deletes INTEGER,
    lists_catalog INTEGER,
    rate_limit TEXT NOT NULL,
    paused_until INTEGER,
    last_seen_at INTEGER,
    error TEXT NOT NULL,
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL
)
----
-- When somebody last asked the place itself; 0: never.
ALTER TABLE locations ADD COLUMN checked_at INTEGER NOT NULL DEFAULT 0
----
CREATE INDEX locations_by_place ON locations (kind, place, checked_at)
----
-- How far a transfer is; JSON, empty for what transfers nothing.
ALTER TABLE operations ADD COLUMN progress TEXT NOT NULL DEFAULT ''
