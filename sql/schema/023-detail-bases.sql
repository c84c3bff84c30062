-- Detail sets take a fraction of the room: a set is written as what it has in common with a base of its policy version, and
-- what is its own. Rows that were written before stay as they are (words is not empty) until `assay rebuild --details` has
-- made them small. A set is named by what it says, in whichever form it stands here. Documented in doc/detail-sets.md.
CREATE TABLE detail_base (
  hash BINARY(16) NOT NULL,
  policy_id BIGINT UNSIGNED NOT NULL,
  body MEDIUMBLOB NOT NULL COMMENT 'a set as it stands for itself, not compressed',
  PRIMARY KEY (hash),
  KEY k_policy (policy_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

ALTER TABLE detail_set ADD COLUMN base BINARY(16) NULL COMMENT 'what records leans on when words is empty';

-- A finding is what is not a plain pass in the newest scan with results. Below, in this order: rows of before; and small ones: the
-- newest scans with their sets (said; the empty UNION has the server unpack each once), their checks with the bytes that speak of them, and
-- what these say.
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
JOIN detail_set d ON d.hash = s.detail_set AND d.words <> ''
JOIN policy_check o ON o.policy_id = s.policy_id AND o.pos < LENGTH(d.records) DIV 31
JOIN policy_check k ON k.policy_id = s.policy_id AND k.pos = CAST(CONV(HEX(SUBSTRING(d.records, 1 + 31 * o.pos, 4)), 16, 10) AS UNSIGNED)
JOIN check_text t ON t.text_hash = k.text_hash
LEFT JOIN check_category y ON y.text_hash = t.text_hash
LEFT JOIN evidence e ON e.hash = SUBSTRING(d.records, 5 + 31 * o.pos, 16)
WHERE (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 NOT IN (0, 1, 9)
AND ((ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 <> 7 OR e.hash IS NOT NULL)
UNION ALL
SELECT r.agent, r.agent_group, t.id AS check_id, t.title, COALESCE(y.category, t.category) AS category, (ORD(SUBSTRING(r.vec, 1 + (r.pos DIV 2), 1)) >> ((r.pos MOD 2) * 4)) & 15 AS status,
  COALESCE(NULLIF(ORD(SUBSTRING(r.body, 8 + r.n_pos + r.own, 1)), 0), t.severity) AS severity,
  COALESCE(NULLIF(CONVERT(SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING(r.body, r.sizes + 12 * (r.n_own - r.own)), x'00', 5 * r.own + 1), x'00', -1) USING utf8mb4), ''),
    ELT((ORD(SUBSTRING(r.vec, 1 + (r.pos DIV 2), 1)) >> ((r.pos MOD 2) * 4)) & 15, 'pass', 'fixed', 'fail', 'error',
      'unknown', 'notchecked', 'notapplicable', 'informational', 'notselected', 'waived')) AS native,
  CAST(CONV(HEX(SUBSTRING(r.body, 8 + r.n_pos + r.n_own + 4 * r.own, 4)), 16, 10) AS UNSIGNED) AS occurrences,
  COALESCE((SELECT MAX(h.changed_at) FROM result_change h
      WHERE h.agent_id = r.agent_id AND h.line_id = r.line_id AND h.check_hash = r.check_hash
        AND h.changed_at <= UTC_TIMESTAMP() + INTERVAL 5 MINUTE),
    (SELECT MIN(b.scanned_at) FROM scan b WHERE b.agent_id = r.agent_id AND b.line_id = r.line_id AND b.n_vec > 0)) AS since,
  CASE r.kind WHEN 2 THEN e.body WHEN 1 THEN CONVERT(CONCAT(
      SUBSTRING(r.text, 1, CAST(CONV(HEX(SUBSTRING(r.body, r.sizes + 0, 2)), 16, 10) AS UNSIGNED)), SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING(r.body, r.sizes + 12 * (r.n_own - r.own)), x'00', 5 * r.own + 3), x'00', -1),
      SUBSTRING(r.text, 1 + CAST(CONV(HEX(SUBSTRING(r.body, r.sizes + 0, 2)), 16, 10) AS UNSIGNED) + CAST(CONV(HEX(SUBSTRING(r.body, r.sizes + 2, 2)), 16, 10) AS UNSIGNED), CAST(CONV(HEX(SUBSTRING(r.body, r.sizes + 4, 2)), 16, 10) AS UNSIGNED)), SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING(r.body, r.sizes + 12 * (r.n_own - r.own)), x'00', 5 * r.own + 4), x'00', -1),
      SUBSTRING(r.text, 1 + CAST(CONV(HEX(SUBSTRING(r.body, r.sizes + 0, 2)), 16, 10) AS UNSIGNED) + CAST(CONV(HEX(SUBSTRING(r.body, r.sizes + 2, 2)), 16, 10) AS UNSIGNED) + CAST(CONV(HEX(SUBSTRING(r.body, r.sizes + 4, 2)), 16, 10) AS UNSIGNED) + CAST(CONV(HEX(SUBSTRING(r.body, r.sizes + 6, 2)), 16, 10) AS UNSIGNED), CAST(CONV(HEX(SUBSTRING(r.body, r.sizes + 8, 2)), 16, 10) AS UNSIGNED)), SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING(r.body, r.sizes + 12 * (r.n_own - r.own)), x'00', 5 * r.own + 5), x'00', -1),
      RIGHT(r.text, CAST(CONV(HEX(SUBSTRING(r.body, r.sizes + 10, 2)), 16, 10) AS UNSIGNED))) USING utf8mb4) END AS evidence,
  CONVERT(SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING(r.body, r.sizes + 12 * (r.n_own - r.own)), x'00', 5 * r.own + 2), x'00', -1) USING utf8mb4) AS waiver,
  t.remediation,
  COALESCE(y.source, '') AS category_source
FROM (SELECT p.agent, p.agent_group, p.agent_id, p.line_id, p.vec, p.pos, p.check_hash, p.text_hash, p.body, p.n_pos, p.n_own, p.own,
    ORD(SUBSTRING(p.body, 8 + p.n_pos + 5 * p.n_own + p.own, 1)) AS kind, 8 + p.n_pos + 6 * p.n_own + 12 * p.own AS sizes,
    COALESCE(SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING(p.base, 8 + p.base_pos + 18 * p.base_own), x'00',
      5 * (p.pos - LENGTH(REPLACE(SUBSTRING(p.base, 8, p.pos), x'02', ''))) + 3), x'00', -1), '') AS text
  FROM (SELECT q.agent, q.agent_group, q.agent_id, q.line_id, q.vec, z.body AS base, k.pos, k.check_hash, k.text_hash,
      IF(ORD(SUBSTRING(q.said, 8 + k.pos, 1)) = 1, z.body, q.said) AS body,
      CAST(CONV(HEX(SUBSTRING(IF(ORD(SUBSTRING(q.said, 8 + k.pos, 1)) = 1, z.body, q.said), 2, 3)), 16, 10) AS UNSIGNED) AS n_pos,
      CAST(CONV(HEX(SUBSTRING(IF(ORD(SUBSTRING(q.said, 8 + k.pos, 1)) = 1, z.body, q.said), 5, 3)), 16, 10) AS UNSIGNED) AS n_own,
      k.pos - LENGTH(REPLACE(SUBSTRING(IF(ORD(SUBSTRING(q.said, 8 + k.pos, 1)) = 1, z.body, q.said), 8, k.pos), x'02', '')) AS own,
      CAST(CONV(HEX(SUBSTRING(z.body, 2, 3)), 16, 10) AS UNSIGNED) AS base_pos, CAST(CONV(HEX(SUBSTRING(z.body, 5, 3)), 16, 10) AS UNSIGNED) AS base_own
    FROM (SELECT a.name AS agent, g.name AS agent_group, s.agent_id, s.line_id, s.policy_id, s.vec, d.base, UNCOMPRESS(d.records) AS said
      FROM agent_current c
      JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = (SELECT n.scanned_at FROM scan n
        WHERE n.agent_id = c.agent_id AND n.line_id = c.line_id AND n.n_vec > 0
        AND n.scanned_at <= UTC_TIMESTAMP() + INTERVAL 5 MINUTE ORDER BY n.scanned_at DESC LIMIT 1)
      JOIN agent a ON a.agent_id = c.agent_id JOIN agent_group g ON g.group_id = a.group_id
      JOIN detail_set d ON d.hash = s.detail_set AND d.words = ''
      UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM audit_head h WHERE h.one = 0) q
    LEFT JOIN detail_base z ON z.hash = q.base
    JOIN policy_check k ON k.policy_id = q.policy_id AND k.pos < CAST(CONV(HEX(SUBSTRING(q.said, 2, 3)), 16, 10) AS UNSIGNED)
    WHERE ORD(SUBSTRING(q.said, 8 + k.pos, 1)) > 0) p) r
JOIN check_text t ON t.text_hash = r.text_hash
LEFT JOIN check_category y ON y.text_hash = t.text_hash
LEFT JOIN evidence e ON e.hash = IF(r.kind = 2, UNHEX(SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING(r.body, r.sizes + 12 * (r.n_own - r.own)), x'00', 5 * r.own + 3), x'00', -1)), NULL)
WHERE (ORD(SUBSTRING(r.vec, 1 + (r.pos DIV 2), 1)) >> ((r.pos MOD 2) * 4)) & 15 NOT IN (0, 1, 9)
AND ((ORD(SUBSTRING(r.vec, 1 + (r.pos DIV 2), 1)) >> ((r.pos MOD 2) * 4)) & 15 <> 7 OR r.kind > 0);
