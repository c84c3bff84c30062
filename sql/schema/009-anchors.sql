-- Time stamps (RFC 3161) over checkpoints of the audit log: note is what was stamped, byte for byte, tsr the answer of the
-- authority; origin and size as in audit_checkpoint. Documented in doc/audit-anchor.md.
CREATE TABLE audit_anchor (
  origin VARCHAR(255) NOT NULL,
  size BIGINT UNSIGNED NOT NULL,
  made DATETIME(6) NOT NULL,
  note TEXT NOT NULL,
  tsr MEDIUMBLOB NOT NULL,
  PRIMARY KEY (origin, size)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
