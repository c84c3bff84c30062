SELECT t.id, t.check_key, t.title, t.category, t.severity, COALESCE(y.category, t.category), COALESCE(y.source, ''),
  t.section, t.description, t.rationale, t.remediation, t.impact, t.idents, t.refs
FROM policy_check k JOIN check_text t ON t.text_hash = k.text_hash
LEFT JOIN check_category y ON y.text_hash = k.text_hash WHERE k.policy_id = ? ORDER BY k.pos
