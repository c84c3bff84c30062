-- Delivery of the audit log: whose a cursor is at the moment, how the target does, and what it refused.
-- Documented in doc/decisions/0009-delivery.md.

-- next_seq is the record at hand, piece the last of its messages that arrived ('' = none); records below
-- told_seq stand in an audit.export record. Only who knows the fence moves it.
ALTER TABLE export_cursor ADD COLUMN piece VARCHAR(512) NOT NULL DEFAULT '',
  ADD COLUMN told_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN owner VARCHAR(512) NOT NULL DEFAULT '',
  ADD COLUMN fence BIGINT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN lease_until DATETIME(6) NULL,
  ADD COLUMN attempts INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN retry_at DATETIME(6) NULL,
  ADD COLUMN failing_since DATETIME NULL,
  ADD COLUMN last_error VARCHAR(2048) NOT NULL DEFAULT '',
  ADD COLUMN last_ok DATETIME NULL;

UPDATE export_cursor SET told_seq = next_seq;

-- What a target refused for good: the record stays in the log, here is that it did not arrive.
CREATE TABLE export_deadletter (
  letter_id BIGINT UNSIGNED NOT NULL,
  target VARCHAR(700) NOT NULL,
  seq BIGINT UNSIGNED NOT NULL,
  piece VARCHAR(512) NOT NULL,
  state VARCHAR(16) NOT NULL COMMENT 'refused, reduced (a short form arrived), unreadable',
  reason VARCHAR(2048) NOT NULL,
  size BIGINT UNSIGNED NOT NULL,
  made DATETIME NOT NULL,
  PRIMARY KEY (letter_id),
  KEY k_seq (seq)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
