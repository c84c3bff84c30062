DELETE FROM scan WHERE agent_id = ? AND line_id = ? AND scanned_at BETWEEN ? AND ?
