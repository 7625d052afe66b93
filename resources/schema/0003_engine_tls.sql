-- What TLS with an engine needs (paths of PEM files, empty for none); uses_tls = 0: it speaks without.
ALTER TABLE engines ADD COLUMN uses_tls INTEGER NOT NULL DEFAULT 0
----
ALTER TABLE engines ADD COLUMN authorities_file TEXT NOT NULL DEFAULT ''
----
ALTER TABLE engines ADD COLUMN certificate_file TEXT NOT NULL DEFAULT ''
----
ALTER TABLE engines ADD COLUMN key_file TEXT NOT NULL DEFAULT ''
