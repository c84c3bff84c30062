SELECT DISTINCT agent_id, line_id FROM scan WHERE agent_id BETWEEN ? AND ? AND scanned_at >= ? AND scanned_at < ?
