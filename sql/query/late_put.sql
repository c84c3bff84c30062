INSERT IGNORE INTO late_delta (agent_id, line_id, scanned_at) VALUES (?, ?, ?)
