-- How often texts that nothing named were swept out of detail_set and evidence. Who put such texts, or saw them, finds
-- out behind the lock of the head, and puts them again. Documented in doc/retention.md.
ALTER TABLE audit_head ADD COLUMN swept BIGINT UNSIGNED NOT NULL DEFAULT 0;
