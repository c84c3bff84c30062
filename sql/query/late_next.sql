SELECT l.agent_id, l.line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', l.scanned_at), COALESCE(a.name, '')
FROM late_delta l LEFT JOIN agent a ON a.agent_id = l.agent_id ORDER BY l.agent_id, l.line_id, l.scanned_at LIMIT 1
