-- Where a check belongs. What the input says of that is a part of its texts: its own word for the category, and the
-- section of its content that it stands in. What is derived from them stands beside, so that deriving it anew changes no
-- policy version: category is what the check counts under, source how it was found, table_version by which tables.
-- Documented in doc/categories.md.
ALTER TABLE check_text ADD COLUMN section VARCHAR(1024) NOT NULL DEFAULT '';

CREATE TABLE check_category (
  text_hash BINARY(16) NOT NULL,
  category VARCHAR(255) NOT NULL,
  source VARCHAR(255) NOT NULL,
  table_version VARCHAR(16) NOT NULL,
  PRIMARY KEY (text_hash)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE OR REPLACE VIEW v_scan_result AS
SELECT a.name AS agent, p.id AS policy, s.profile, s.scanned_at, t.id AS check_id, t.title, COALESCE(y.category, t.category) AS category,
  (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 AS status,
  COALESCE(y.source, '') AS category_source
FROM scan s JOIN agent a ON a.agent_id = s.agent_id JOIN policy p ON p.policy_id = s.policy_id
JOIN policy_check k ON k.policy_id = s.policy_id AND k.pos < s.n_vec
JOIN check_text t ON t.text_hash = k.text_hash
LEFT JOIN check_category y ON y.text_hash = t.text_hash;

CREATE OR REPLACE VIEW v_latest AS
SELECT a.name AS agent, g.name AS agent_group, p.id AS policy, s.profile, s.scanned_at,
  t.id AS check_id, t.title, COALESCE(y.category, t.category) AS category,
  (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 AS status,
  COALESCE(y.source, '') AS category_source
FROM agent_current c
JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = (SELECT MAX(n.scanned_at) FROM scan n
  WHERE n.agent_id = c.agent_id AND n.line_id = c.line_id AND n.scanned_at <= UTC_TIMESTAMP() + INTERVAL 5 MINUTE)
JOIN agent a ON a.agent_id = c.agent_id JOIN agent_group g ON g.group_id = a.group_id
JOIN policy p ON p.policy_id = s.policy_id
JOIN policy_check k ON k.policy_id = s.policy_id AND k.pos < s.n_vec
JOIN check_text t ON t.text_hash = k.text_hash
LEFT JOIN check_category y ON y.text_hash = t.text_hash;

CREATE OR REPLACE VIEW v_findings AS
SELECT a.name AS agent, g.name AS agent_group, t.id AS check_id, t.title, COALESCE(y.category, t.category) AS category,
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
  t.remediation,
  COALESCE(y.source, '') AS category_source
FROM agent_current c
JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = (SELECT n.scanned_at FROM scan n
  WHERE n.agent_id = c.agent_id AND n.line_id = c.line_id AND n.n_vec > 0
  AND n.scanned_at <= UTC_TIMESTAMP() + INTERVAL 5 MINUTE ORDER BY n.scanned_at DESC LIMIT 1)
JOIN agent a ON a.agent_id = c.agent_id JOIN agent_group g ON g.group_id = a.group_id
JOIN detail_set d ON d.hash = s.detail_set
JOIN policy_check o ON o.policy_id = s.policy_id AND o.pos < LENGTH(d.records) DIV 31
JOIN policy_check k ON k.policy_id = s.policy_id AND k.pos = CAST(CONV(HEX(SUBSTRING(d.records, 1 + 31 * o.pos, 4)), 16, 10) AS UNSIGNED)
JOIN check_text t ON t.text_hash = k.text_hash
LEFT JOIN check_category y ON y.text_hash = t.text_hash
LEFT JOIN evidence e ON e.hash = SUBSTRING(d.records, 5 + 31 * o.pos, 16)
WHERE (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 NOT IN (0, 1, 9)
AND ((ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 <> 7 OR e.hash IS NOT NULL);
