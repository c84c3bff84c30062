SELECT agent_id, line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at) FROM late_delta
ORDER BY agent_id, line_id, scanned_at LIMIT 1
