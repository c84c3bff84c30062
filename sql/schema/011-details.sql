-- What a scan says of a check beyond its status stands in one set a scan, not in a row a check: 31 bytes for
-- each check that is a finding or has evidence. A set is named by its hash and shared by scans that say the
-- same. It takes the place of the tables finding and evidence_set (012) and, unlike finding, is kept for
-- every scan. Documented in doc/database.md.
CREATE TABLE detail_set (
  hash BINARY(16) NOT NULL,
  records MEDIUMBLOB NOT NULL COMMENT 'position 4, evidence hash 16, severity 1, occurrences 4, native 3, waiver 3',
  words MEDIUMBLOB NOT NULL COMMENT 'length 3, UTF-8; native and waiver say where one begins, 0 = the usual',
  PRIMARY KEY (hash)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

ALTER TABLE scan ADD COLUMN detail_set BINARY(16) NULL COMMENT 'evidence and more of single checks' AFTER content_hash;

SET SESSION group_concat_max_len = 16777215;

-- Evidence of every scan, under the names that the sets had.
INSERT IGNORE INTO detail_set (hash, records, words)
SELECT e.hash, GROUP_CONCAT(SUBSTRING(e.refs, 1 + 20 * o.pos, 20), x'0000000001000000000000' ORDER BY o.pos SEPARATOR ''), x'000000'
FROM evidence_set e JOIN policy_check o ON o.pos < LENGTH(e.refs) DIV 20
  AND o.policy_id = (SELECT policy_id FROM policy ORDER BY n_checks DESC, policy_id LIMIT 1)
GROUP BY e.hash;

UPDATE scan SET detail_set = evidence_set WHERE evidence_set IS NOT NULL AND detail_set IS NULL;

-- The newest scans with results: what finding said of them as well. Words beyond 4 MB of a scan (what programs keep) are left out.
INSERT IGNORE INTO detail_set (hash, records, words)
SELECT UNHEX(LEFT(SHA2(CONCAT_WS('-', r.agent_id, r.line_id, r.scanned_at), 256), 32)),
  GROUP_CONCAT(UNHEX(LPAD(HEX(r.pos), 8, '0')), COALESCE(r.evidence, x'00000000000000000000000000000000'),
    UNHEX(LPAD(HEX(r.severity), 2, '0')), UNHEX(LPAD(HEX(r.occurrences), 8, '0')),
    UNHEX(LPAD(HEX(IF(r.till > 4194304, 0, r.till - 6 - r.native_length - r.waiver_length)), 6, '0')),
    UNHEX(LPAD(HEX(IF(r.till > 4194304, 0, r.till - 3 - r.waiver_length)), 6, '0')) ORDER BY r.pos SEPARATOR ''),
  CONCAT(x'000000', GROUP_CONCAT(IF(r.till > 4194304, x'', CONCAT(UNHEX(LPAD(HEX(r.native_length), 6, '0')), CAST(r.native AS BINARY),
    UNHEX(LPAD(HEX(r.waiver_length), 6, '0')), CAST(r.waiver AS BINARY))) ORDER BY r.pos SEPARATOR ''))
FROM (SELECT u.*, LENGTH(u.native) AS native_length, LENGTH(u.waiver) AS waiver_length,
  CAST(3 + SUM(6 + LENGTH(u.native) + LENGTH(u.waiver)) OVER (PARTITION BY u.agent_id, u.line_id ORDER BY u.pos) AS SIGNED) AS till
FROM (
  SELECT f.agent_id, f.line_id, s.scanned_at, k.pos, f.evidence, IF(f.severity = t.severity, 0, f.severity) AS severity,
    f.occurrences, f.native, f.waiver
  FROM finding f JOIN scan s ON s.agent_id = f.agent_id AND s.line_id = f.line_id AND s.scanned_at =
    (SELECT MAX(m.scanned_at) FROM scan m WHERE m.agent_id = f.agent_id AND m.line_id = f.line_id AND m.n_vec > 0)
  JOIN policy_check k ON k.policy_id = s.policy_id AND k.check_hash = f.check_hash
  JOIN check_text t ON t.text_hash = k.text_hash
  UNION ALL
  SELECT s.agent_id, s.line_id, s.scanned_at, k.pos, SUBSTRING(e.refs, 5 + 20 * o.pos, 16), 0, 1, '', ''
  FROM scan s JOIN evidence_set e ON e.hash = s.evidence_set
  JOIN policy_check o ON o.policy_id = s.policy_id AND o.pos < LENGTH(e.refs) DIV 20
  JOIN policy_check k ON k.policy_id = s.policy_id AND k.pos = CAST(CONV(HEX(SUBSTRING(e.refs, 1 + 20 * o.pos, 4)), 16, 10) AS UNSIGNED)
  WHERE s.scanned_at =
    (SELECT MAX(m.scanned_at) FROM scan m WHERE m.agent_id = s.agent_id AND m.line_id = s.line_id AND m.n_vec > 0)
  AND NOT EXISTS (SELECT 1 FROM finding f WHERE f.agent_id = s.agent_id AND f.line_id = s.line_id AND f.check_hash = k.check_hash)
) u) r
GROUP BY r.agent_id, r.line_id, r.scanned_at;

UPDATE scan s JOIN detail_set d ON d.hash = UNHEX(LEFT(SHA2(CONCAT_WS('-', s.agent_id, s.line_id, s.scanned_at), 256), 32))
SET s.detail_set = d.hash;

-- A finding is what is not a plain pass in the newest scan with results.
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
      WHERE h.agent_id = s.agent_id AND h.line_id = s.line_id AND h.check_hash = k.check_hash),
    (SELECT MIN(b.scanned_at) FROM scan b WHERE b.agent_id = s.agent_id AND b.line_id = s.line_id AND b.n_vec > 0)) AS since,
  e.body AS evidence,
  CONVERT(SUBSTRING(d.words, 4 + CAST(CONV(HEX(SUBSTRING(d.records, 29 + 31 * o.pos, 3)), 16, 10) AS UNSIGNED),
    CAST(CONV(HEX(SUBSTRING(d.words, 1 + CAST(CONV(HEX(SUBSTRING(d.records, 29 + 31 * o.pos, 3)), 16, 10) AS UNSIGNED), 3)), 16, 10) AS UNSIGNED)) USING utf8mb4) AS waiver,
  t.remediation
FROM agent_current c
JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = (SELECT n.scanned_at FROM scan n
  WHERE n.agent_id = c.agent_id AND n.line_id = c.line_id AND n.n_vec > 0 ORDER BY n.scanned_at DESC LIMIT 1)
JOIN agent a ON a.agent_id = c.agent_id JOIN agent_group g ON g.group_id = a.group_id
JOIN detail_set d ON d.hash = s.detail_set
JOIN policy_check o ON o.policy_id = s.policy_id AND o.pos < LENGTH(d.records) DIV 31
JOIN policy_check k ON k.policy_id = s.policy_id AND k.pos = CAST(CONV(HEX(SUBSTRING(d.records, 1 + 31 * o.pos, 4)), 16, 10) AS UNSIGNED)
JOIN check_text t ON t.text_hash = k.text_hash
LEFT JOIN evidence e ON e.hash = SUBSTRING(d.records, 5 + 31 * o.pos, 16)
WHERE (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 NOT IN (0, 1, 9)
AND ((ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 <> 7 OR e.hash IS NOT NULL);
