UPDATE agent_current SET scanned_at = ?, n_scans = ?, n_revoked = n_revoked + ? - ?
WHERE agent_id = ? AND line_id = ?
