SELECT t.id, t.check_key, t.title, t.category, CAST(COALESCE(t.severity, 0) AS SIGNED), t.description, t.rationale,
  t.remediation, t.impact, t.idents, t.refs, k.check_hash, k.text_hash, k.pos
FROM policy_check k LEFT JOIN check_text t ON t.text_hash = k.text_hash WHERE k.policy_id = ? ORDER BY k.pos
