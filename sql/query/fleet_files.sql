SELECT agent_id, policy_id, file_sha256 FROM scan WHERE agent_id BETWEEN ? AND ? AND scanned_at >= ? AND scanned_at < ?
UNION SELECT agent_id, policy_id, file_sha256 FROM scan_revision WHERE agent_id BETWEEN ? AND ? AND scanned_at >= ? AND scanned_at < ?
