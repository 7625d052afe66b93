-- Which engine it is, 'Docker' or 'Podman'; empty until it answered.
ALTER TABLE engines ADD COLUMN product TEXT NOT NULL DEFAULT ''
