-- Tiles of the Merkle tree over the audit log (c2sp.org/tlog-tiles), so that nobody reads all leaves
-- again: a cache that is never trusted and can be made anew. Documented in doc/audit-checkpoint.md.
CREATE TABLE audit_tile (
  level TINYINT UNSIGNED NOT NULL,
  idx BIGINT UNSIGNED NOT NULL,
  width SMALLINT UNSIGNED NOT NULL,
  hashes VARBINARY(8192) NOT NULL,
  PRIMARY KEY (level, idx)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
