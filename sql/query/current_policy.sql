UPDATE agent_current SET policy_id = ? WHERE agent_id = ? AND line_id = ? AND scanned_at = ?
