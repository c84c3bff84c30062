DELETE FROM result_change WHERE agent_id = ? AND line_id = ? AND changed_at = ?
