-- Who made a sandbox's container: 'created' by Sandglass, or 'adopted' from somebody else.
ALTER TABLE sandboxes ADD COLUMN origin TEXT NOT NULL DEFAULT 'created'
