SELECT TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at), n_scans, n_revoked FROM agent_current
WHERE agent_id = ? AND line_id = ? FOR UPDATE
