SELECT policy_id, detail_set, file_sha256 FROM scan WHERE agent_id = ? AND line_id = ? AND scanned_at = ?
