SELECT LOWER(HEX(x.check_hash)), CAST(x.old_status AS SIGNED), CAST(x.new_status AS SIGNED),
  CAST(COALESCE(t.severity, 0) AS SIGNED),
  COALESCE(t.id, ''), COALESCE(t.check_key, ''), COALESCE(t.title, ''), COALESCE(y.category, t.category, ''),
  CAST(TIMESTAMPDIFF(SECOND, '1970-01-01', x.scanned_at) AS CHAR), COALESCE(t.remediation, ''),
  (SELECT GROUP_CONCAT(CONCAT_WS(' ', m.framework, NULLIF(m.edition, ''), m.control) ORDER BY m.n SEPARATOR '; ')
   FROM check_mapping m WHERE m.text_hash = t.text_hash),
  CAST(TIMESTAMPDIFF(SECOND, '1970-01-01', COALESCE((SELECT MAX(c.changed_at) FROM result_change c
    WHERE c.agent_id = x.agent_id AND c.line_id = x.line_id AND c.check_hash = x.check_hash AND c.changed_at <= x.scanned_at
    AND c.old_status IN (0, 1, 2, 7, 9) AND c.new_status NOT IN (0, 1, 2, 7, 9)),
    (SELECT b.scanned_at FROM scan b WHERE b.agent_id = x.agent_id AND b.line_id = x.line_id AND b.n_vec > 0
      ORDER BY b.scanned_at LIMIT 1))) AS CHAR), k.pos
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
WHERE x.old_status <> 0 OR x.new_status NOT IN (0, 1, 9)
ORDER BY x.check_hash
