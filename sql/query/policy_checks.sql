SELECT k.check_hash, k.text_hash, CAST(COALESCE(t.severity, 0) AS SIGNED), k.pos
FROM policy_check k LEFT JOIN check_text t ON t.text_hash = k.text_hash WHERE k.policy_id = ? ORDER BY k.pos
