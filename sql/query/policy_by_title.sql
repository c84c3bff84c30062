SELECT p.id, p.version, s.profile FROM agent_current c
JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = c.scanned_at
JOIN policy p ON p.policy_id = s.policy_id
WHERE c.agent_id = ? AND (p.id = ? OR p.title = ?)
ORDER BY c.scanned_at DESC LIMIT 1
