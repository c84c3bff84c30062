SELECT a.name, p.id, t.id, t.title, TIMESTAMPDIFF(SECOND, '1970-01-01', c.scanned_at)
FROM agent_current c
JOIN result_change r ON r.agent_id = c.agent_id AND r.line_id = c.line_id AND r.changed_at = c.scanned_at
JOIN agent a ON a.agent_id = c.agent_id JOIN policy p ON p.policy_id = c.policy_id
JOIN policy_check k ON k.policy_id = c.policy_id AND k.check_hash = r.check_hash
JOIN check_text t ON t.text_hash = k.text_hash
WHERE (? OR c.agent_id = ?) AND r.new_status = 3 AND r.old_status <> 3 ORDER BY a.name, p.id, k.pos
