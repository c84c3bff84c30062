-- Checkpoints of the audit log: how many records it had and the root of their Merkle tree, signed by
-- a host that shares this database (its key is not here); origin is NAME+ID of that key. Documented in doc/audit-checkpoint.md.
CREATE TABLE audit_checkpoint (
  origin VARCHAR(255) NOT NULL,
  size BIGINT UNSIGNED NOT NULL,
  made DATETIME(6) NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (origin, size)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
