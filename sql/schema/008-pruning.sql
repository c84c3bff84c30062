-- Retention of the audit log: the text of old records goes (rec = NULL), their hashes stay. Documented in
-- doc/audit-checkpoint.md.
ALTER TABLE audit_log MODIFY COLUMN rec MEDIUMBLOB NULL COMMENT 'NULL = pruned';

CREATE OR REPLACE VIEW v_audit AS
SELECT seq, ts, event, object_type, object_id, outcome, LOWER(HEX(leaf)) AS leaf,
  CONVERT(rec USING utf8mb4) AS record, rec IS NULL AS pruned FROM audit_log;

CREATE OR REPLACE VIEW v_audit_checkpoint AS
SELECT origin, size, made, note FROM audit_checkpoint;
