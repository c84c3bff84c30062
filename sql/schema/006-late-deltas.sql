-- A delta is stored as the whole state it made. What it spoke of itself is kept beside, so that it can be
-- merged again when a scan that lies before it arrives after it; late_delta lists those that have to be.
-- Deltas stored before this version have no such bits and stay as they are. Documented in doc/database.md.
ALTER TABLE scan ADD COLUMN said MEDIUMBLOB NULL COMMENT 'of a delta: 1 bit a check it spoke of, low bit first';

CREATE TABLE late_delta (
  agent_id BIGINT UNSIGNED NOT NULL,
  line_id BIGINT UNSIGNED NOT NULL,
  scanned_at DATETIME NOT NULL,
  PRIMARY KEY (agent_id, line_id, scanned_at)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
