SELECT t.id, t.check_key, t.title, t.category, CAST(COALESCE(t.severity, 0) AS SIGNED), COALESCE(y.category, t.category),
  COALESCE(y.source, ''), t.section, t.description, t.rationale, t.remediation, t.impact, t.idents, t.refs,
  k.check_hash, k.text_hash, k.pos
FROM policy_check k LEFT JOIN check_text t ON t.text_hash = k.text_hash
LEFT JOIN check_category y ON y.text_hash = k.text_hash WHERE k.policy_id = ? ORDER BY k.pos
