UPDATE agent_current SET scanned_at = ?, policy_id = ?, n_scans = ?, n_revoked = n_revoked + ? - ?
WHERE agent_id = ? AND line_id = ?
