-- Times are UTC milliseconds since the epoch. created_seq and changed_seq are changes.seq of the row's first and last
-- change. A line of four dashes ends a statement.
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    removed INTEGER NOT NULL
)
----
CREATE TABLE engines (
    name TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    version TEXT NOT NULL,
    api_version TEXT NOT NULL,
    platform TEXT NOT NULL,
    storage_driver TEXT NOT NULL,
    error TEXT NOT NULL,
    last_seen_at INTEGER,
    next_attempt_at INTEGER,
    lease_owner TEXT NOT NULL DEFAULT '',
    lease_until INTEGER NOT NULL DEFAULT 0,
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL
)
----
CREATE TABLE namespaces (
    name TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL
)
----
CREATE TABLE sandboxes (
    id TEXT PRIMARY KEY,
    namespace TEXT NOT NULL REFERENCES namespaces (name),
    display_name TEXT NOT NULL,
    engine TEXT NOT NULL REFERENCES engines (name),
    container_id TEXT NOT NULL,
    status TEXT NOT NULL,
    config TEXT NOT NULL,
    restored_from TEXT NOT NULL,
    error TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    confirmed_at INTEGER NOT NULL,
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL
)
----
CREATE INDEX sandboxes_by_namespace ON sandboxes (namespace, created_at)
----
CREATE INDEX sandboxes_by_engine ON sandboxes (engine)
----
CREATE INDEX sandboxes_by_origin ON sandboxes (restored_from)
----
CREATE TABLE snapshots (
    id TEXT PRIMARY KEY,
    sandbox TEXT NOT NULL REFERENCES sandboxes (id),
    namespace TEXT NOT NULL REFERENCES namespaces (name),
    engine TEXT NOT NULL REFERENCES engines (name),
    status TEXT NOT NULL,
    error TEXT NOT NULL,
    tag TEXT NOT NULL,
    note TEXT NOT NULL,
    pause INTEGER NOT NULL,
    ttl_secs INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    changed_at INTEGER NOT NULL,
    size_bytes INTEGER,
    changed_bytes INTEGER,
    frozen_ms INTEGER,
    image_ref TEXT NOT NULL,
    config TEXT NOT NULL,
    parent TEXT NOT NULL,
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL
)
----
CREATE INDEX snapshots_by_age ON snapshots (created_at, id)
----
CREATE INDEX snapshots_by_namespace ON snapshots (namespace, status, created_at)
----
CREATE INDEX snapshots_by_sandbox ON snapshots (sandbox)
----
CREATE INDEX snapshots_by_expiry ON snapshots (expires_at) WHERE expires_at IS NOT NULL
----
CREATE TABLE locations (
    snapshot TEXT NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL,
    image_ref TEXT NOT NULL,
    image_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    error TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (snapshot, kind, place)
)
----
CREATE TABLE operations (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    namespace TEXT NOT NULL,
    engine TEXT NOT NULL,
    sandbox TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    state TEXT NOT NULL,
    inputs TEXT NOT NULL,
    memory TEXT NOT NULL,
    error TEXT NOT NULL,
    error_kind TEXT NOT NULL,
    cancel_requested INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    next_attempt_at INTEGER,
    requested_by TEXT NOT NULL,
    idempotency_key TEXT,
    request_digest TEXT,
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL
)
----
CREATE INDEX operations_unfinished ON operations (created_at) WHERE finished_at IS NULL
----
CREATE INDEX operations_by_age ON operations (created_at)
----
CREATE UNIQUE INDEX operations_by_key ON operations (namespace, kind, idempotency_key)
----
CREATE TABLE operation_steps (
    operation TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (operation, position)
)
----
CREATE TABLE settings (
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (namespace, name)
)
----
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    result TEXT NOT NULL,
    reason TEXT NOT NULL
)
