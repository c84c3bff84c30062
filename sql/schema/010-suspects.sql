-- Messages of which receivers die: how often that happened with the first message behind the cursor, alone, since it got
-- there. Documented in doc/decisions/0009-delivery.md.
ALTER TABLE export_cursor ADD COLUMN deaths INT UNSIGNED NOT NULL DEFAULT 0;
