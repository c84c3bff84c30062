SELECT TIMESTAMPDIFF(SECOND, '1970-01-01', MIN(scanned_at)) FROM scan WHERE agent_id = ? AND line_id = ? AND scanned_at >= ?
