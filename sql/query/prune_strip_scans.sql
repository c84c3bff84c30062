UPDATE scan SET detail_set = NULL, flags = flags | 128
WHERE agent_id = ? AND line_id = ? AND scanned_at BETWEEN ? AND ? AND detail_set IS NOT NULL
