SELECT agent_id, policy_id, file_sha256 FROM scan WHERE (? OR agent_id = ?) AND scanned_at >= ? AND scanned_at < ?
UNION SELECT agent_id, policy_id, file_sha256 FROM scan_revision WHERE (? OR agent_id = ?) AND scanned_at >= ? AND scanned_at < ?
