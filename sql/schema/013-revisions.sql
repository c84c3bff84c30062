-- Several scans of one agent, line and second that say different things: the one that counts stands in scan, as before, the
-- others in scan_revision. Which one counts, and why, is written in doc/revisions.md. Revisions are numbered from 1 in the
-- order of their arrival.
ALTER TABLE scan ADD COLUMN revision INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'number among those of its second',
  ADD COLUMN standing TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'why it counts: 0 first 1 worst of its file 2 fuller 3 accepted';

ALTER TABLE agent_current ADD COLUMN n_revoked INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'seconds of which all revisions are revoked';

CREATE TABLE scan_revision (
  agent_id BIGINT UNSIGNED NOT NULL,
  line_id BIGINT UNSIGNED NOT NULL,
  scanned_at DATETIME NOT NULL,
  revision INT UNSIGNED NOT NULL,
  standing TINYINT UNSIGNED NOT NULL COMMENT 'why it does not count: 4 superseded 5 contained 6 declined 7 revoked',
  policy_id BIGINT UNSIGNED NOT NULL,
  profile VARCHAR(255) NOT NULL,
  format VARCHAR(64) NOT NULL,
  engine VARCHAR(255) NOT NULL,
  started_at DATETIME NULL,
  ingested_at DATETIME NOT NULL,
  n_pass INT UNSIGNED NOT NULL,
  n_fixed INT UNSIGNED NOT NULL,
  n_fail INT UNSIGNED NOT NULL,
  n_error INT UNSIGNED NOT NULL,
  n_unknown INT UNSIGNED NOT NULL,
  n_notchecked INT UNSIGNED NOT NULL,
  n_notapplicable INT UNSIGNED NOT NULL,
  n_informational INT UNSIGNED NOT NULL,
  n_notselected INT UNSIGNED NOT NULL,
  n_waived INT UNSIGNED NOT NULL,
  score INT UNSIGNED NULL,
  reported_score DOUBLE NULL,
  flags INT UNSIGNED NOT NULL,
  file_sha256 BINARY(32) NOT NULL,
  content_hash BINARY(32) NOT NULL,
  detail_set BINARY(16) NULL,
  n_vec INT UNSIGNED NOT NULL,
  vec MEDIUMBLOB NOT NULL,
  said MEDIUMBLOB NULL,
  PRIMARY KEY (agent_id, line_id, scanned_at, revision),
  KEY k_time (scanned_at),
  KEY k_file (file_sha256)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE OR REPLACE VIEW v_scores AS
SELECT a.name AS agent, g.name AS agent_group, p.id AS policy, p.version AS policy_version,
  s.profile, s.scanned_at, s.n_pass + s.n_fixed AS passed, s.n_fail AS failed,
  s.n_error + s.n_unknown + s.n_notchecked + s.n_notapplicable + s.n_informational AS skipped,
  s.score / 100 AS score, s.flags, LOWER(HEX(s.file_sha256)) AS file_sha256, s.ingested_at, s.revision, s.standing
FROM scan s JOIN agent a ON a.agent_id = s.agent_id
JOIN agent_group g ON g.group_id = a.group_id JOIN policy p ON p.policy_id = s.policy_id;

-- What does not count, beside what does (v_scores).
CREATE OR REPLACE VIEW v_scan_revision AS
SELECT a.name AS agent, g.name AS agent_group, p.id AS policy, p.version AS policy_version,
  s.profile, s.scanned_at, s.n_pass + s.n_fixed AS passed, s.n_fail AS failed,
  s.n_error + s.n_unknown + s.n_notchecked + s.n_notapplicable + s.n_informational AS skipped,
  s.score / 100 AS score, s.flags, LOWER(HEX(s.file_sha256)) AS file_sha256, s.ingested_at, s.revision, s.standing
FROM scan_revision s JOIN agent a ON a.agent_id = s.agent_id
JOIN agent_group g ON g.group_id = a.group_id JOIN policy p ON p.policy_id = s.policy_id;

-- A scan that is dated ahead of the clock is not the newest before its time has come.
CREATE OR REPLACE VIEW v_latest AS
SELECT a.name AS agent, g.name AS agent_group, p.id AS policy, s.profile, s.scanned_at,
  t.id AS check_id, t.title, t.category,
  (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 AS status
FROM agent_current c
JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = (SELECT MAX(n.scanned_at) FROM scan n
  WHERE n.agent_id = c.agent_id AND n.line_id = c.line_id AND n.scanned_at <= UTC_TIMESTAMP() + INTERVAL 5 MINUTE)
JOIN agent a ON a.agent_id = c.agent_id JOIN agent_group g ON g.group_id = a.group_id
JOIN policy p ON p.policy_id = s.policy_id
JOIN policy_check k ON k.policy_id = s.policy_id AND k.pos < s.n_vec
JOIN check_text t ON t.text_hash = k.text_hash;

CREATE OR REPLACE VIEW v_findings AS
SELECT a.name AS agent, g.name AS agent_group, t.id AS check_id, t.title, t.category,
  (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 AS status,
  COALESCE(NULLIF(ORD(SUBSTRING(d.records, 21 + 31 * o.pos, 1)), 0), t.severity) AS severity,
  COALESCE(NULLIF(CONVERT(SUBSTRING(d.words, 4 + CAST(CONV(HEX(SUBSTRING(d.records, 26 + 31 * o.pos, 3)), 16, 10) AS UNSIGNED),
    CAST(CONV(HEX(SUBSTRING(d.words, 1 + CAST(CONV(HEX(SUBSTRING(d.records, 26 + 31 * o.pos, 3)), 16, 10) AS UNSIGNED), 3)), 16, 10) AS UNSIGNED)) USING utf8mb4), ''),
    ELT((ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15, 'pass', 'fixed', 'fail', 'error',
      'unknown', 'notchecked', 'notapplicable', 'informational', 'notselected', 'waived')) AS native,
  CAST(CONV(HEX(SUBSTRING(d.records, 22 + 31 * o.pos, 4)), 16, 10) AS UNSIGNED) AS occurrences,
  COALESCE((SELECT MAX(h.changed_at) FROM result_change h
      WHERE h.agent_id = s.agent_id AND h.line_id = s.line_id AND h.check_hash = k.check_hash
        AND h.changed_at <= UTC_TIMESTAMP() + INTERVAL 5 MINUTE),
    (SELECT MIN(b.scanned_at) FROM scan b WHERE b.agent_id = s.agent_id AND b.line_id = s.line_id AND b.n_vec > 0)) AS since,
  e.body AS evidence,
  CONVERT(SUBSTRING(d.words, 4 + CAST(CONV(HEX(SUBSTRING(d.records, 29 + 31 * o.pos, 3)), 16, 10) AS UNSIGNED),
    CAST(CONV(HEX(SUBSTRING(d.words, 1 + CAST(CONV(HEX(SUBSTRING(d.records, 29 + 31 * o.pos, 3)), 16, 10) AS UNSIGNED), 3)), 16, 10) AS UNSIGNED)) USING utf8mb4) AS waiver,
  t.remediation
FROM agent_current c
JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = (SELECT n.scanned_at FROM scan n
  WHERE n.agent_id = c.agent_id AND n.line_id = c.line_id AND n.n_vec > 0
  AND n.scanned_at <= UTC_TIMESTAMP() + INTERVAL 5 MINUTE ORDER BY n.scanned_at DESC LIMIT 1)
JOIN agent a ON a.agent_id = c.agent_id JOIN agent_group g ON g.group_id = a.group_id
JOIN detail_set d ON d.hash = s.detail_set
JOIN policy_check o ON o.policy_id = s.policy_id AND o.pos < LENGTH(d.records) DIV 31
JOIN policy_check k ON k.policy_id = s.policy_id AND k.pos = CAST(CONV(HEX(SUBSTRING(d.records, 1 + 31 * o.pos, 4)), 16, 10) AS UNSIGNED)
JOIN check_text t ON t.text_hash = k.text_hash
LEFT JOIN evidence e ON e.hash = SUBSTRING(d.records, 5 + 31 * o.pos, 16)
WHERE (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 NOT IN (0, 1, 9)
AND ((ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 <> 7 OR e.hash IS NOT NULL);
