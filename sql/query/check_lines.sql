SELECT DISTINCT agent_id, line_id FROM scan WHERE (? OR agent_id = ?) AND scanned_at >= ? AND scanned_at < ?
