DELETE FROM finding WHERE agent_id = ? AND line_id = ? AND check_hash = ?
