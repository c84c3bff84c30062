UPDATE agent_current SET scanned_at = ?, policy_id = ?, n_scans = n_scans + ? WHERE agent_id = ? AND line_id = ?
