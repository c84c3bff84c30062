SELECT TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at), (SELECT COUNT(*) FROM scan n WHERE n.agent_id = ? AND n.line_id = ?)
FROM scan s WHERE s.agent_id = ? AND s.line_id = ? ORDER BY s.scanned_at DESC LIMIT 1
