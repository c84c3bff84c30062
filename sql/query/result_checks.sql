SELECT LOWER(HEX(x.check_hash)), CAST(x.old_status AS SIGNED), CAST(x.new_status AS SIGNED),
  CAST(COALESCE(NULLIF(f.severity, 0), t.severity, 0) AS SIGNED),
  COALESCE(t.id, ''), COALESCE(t.check_key, ''), COALESCE(t.title, ''), COALESCE(y.category, t.category, ''),
  IF(f.pos IS NULL, '', COALESCE(NULLIF(CONVERT(SUBSTRING(f.words, 4 + f.native, CAST(CONV(HEX(SUBSTRING(f.words, 1 + f.native, 3)), 16, 10) AS UNSIGNED)) USING utf8mb4), ''),
    ELT(x.new_status, 'pass', 'fixed', 'fail', 'error', 'unknown', 'notchecked', 'notapplicable', 'informational',
      'notselected', 'waived'), '')),
  IF(f.pos IS NULL, NULL, CAST(TIMESTAMPDIFF(SECOND, '1970-01-01', x.scanned_at) AS CHAR)),
  COALESCE(CONVERT(SUBSTRING(f.words, 4 + f.waiver, CAST(CONV(HEX(SUBSTRING(f.words, 1 + f.waiver, 3)), 16, 10) AS UNSIGNED)) USING utf8mb4), ''),
  COALESCE(LEFT(e.body, 16000), ''), COALESCE(t.remediation, ''),
  (SELECT GROUP_CONCAT(CONCAT_WS(' ', m.framework, NULLIF(m.edition, ''), m.control) ORDER BY m.n SEPARATOR '; ')
   FROM check_mapping m WHERE m.text_hash = t.text_hash),
  CAST(TIMESTAMPDIFF(SECOND, '1970-01-01', COALESCE((SELECT MAX(c.changed_at) FROM result_change c
    WHERE c.agent_id = x.agent_id AND c.line_id = x.line_id AND c.check_hash = x.check_hash AND c.changed_at <= x.scanned_at
    AND c.old_status IN (0, 1, 2, 7, 9) AND c.new_status NOT IN (0, 1, 2, 7, 9)),
    (SELECT b.scanned_at FROM scan b WHERE b.agent_id = x.agent_id AND b.line_id = x.line_id AND b.n_vec > 0
      ORDER BY b.scanned_at LIMIT 1))) AS CHAR)
FROM (SELECT agent_id, line_id, changed_at AS scanned_at, check_hash, old_status, new_status
    FROM result_change WHERE agent_id = ? AND line_id = ? AND changed_at = ?
  UNION ALL SELECT n.agent_id, n.line_id, n.scanned_at, k.check_hash, 0,
    (ORD(SUBSTRING(n.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15
    FROM scan n JOIN policy_check k ON k.policy_id = n.policy_id AND k.pos < n.n_vec
    WHERE n.agent_id = ? AND n.line_id = ? AND n.scanned_at = ?
    AND NOT EXISTS (SELECT 1 FROM scan b WHERE b.agent_id = n.agent_id AND b.line_id = n.line_id
      AND b.scanned_at < n.scanned_at AND b.n_vec > 0)) x
JOIN scan s ON s.agent_id = x.agent_id AND s.line_id = x.line_id AND s.scanned_at = x.scanned_at
LEFT JOIN policy_check k ON k.policy_id = s.policy_id AND k.check_hash = x.check_hash
LEFT JOIN check_text t ON t.text_hash = COALESCE(k.text_hash,
  (SELECT MAX(o.text_hash) FROM policy_check o WHERE o.check_hash = x.check_hash))
LEFT JOIN check_category y ON y.text_hash = t.text_hash
LEFT JOIN (SELECT CAST(CONV(HEX(SUBSTRING(d.records, 1 + 31 * o.pos, 4)), 16, 10) AS UNSIGNED) AS pos,
    SUBSTRING(d.records, 5 + 31 * o.pos, 16) AS evidence, ORD(SUBSTRING(d.records, 21 + 31 * o.pos, 1)) AS severity,
    CAST(CONV(HEX(SUBSTRING(d.records, 26 + 31 * o.pos, 3)), 16, 10) AS UNSIGNED) AS native,
    CAST(CONV(HEX(SUBSTRING(d.records, 29 + 31 * o.pos, 3)), 16, 10) AS UNSIGNED) AS waiver, d.words
  FROM scan n JOIN detail_set d ON d.hash = n.detail_set
  JOIN policy_check o ON o.policy_id = n.policy_id AND o.pos < LENGTH(d.records) DIV 31
  WHERE n.agent_id = ? AND n.line_id = ? AND n.scanned_at = ?) f ON f.pos = k.pos AND x.new_status NOT IN (0, 1, 9)
LEFT JOIN evidence e ON e.hash = f.evidence
WHERE x.old_status <> 0 OR (x.new_status NOT IN (0, 1, 9) AND (x.new_status <> 7 OR f.pos IS NOT NULL))
ORDER BY x.check_hash
