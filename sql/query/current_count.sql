UPDATE agent_current SET n_scans = n_scans + ? WHERE agent_id = ? AND line_id = ?
