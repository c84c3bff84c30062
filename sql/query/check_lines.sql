SELECT DISTINCT agent_id, line_id FROM scan WHERE scanned_at >= ? AND scanned_at < ?
