SELECT DISTINCT agent_id, policy_id, file_sha256 FROM scan WHERE scanned_at >= ? AND scanned_at < ?
