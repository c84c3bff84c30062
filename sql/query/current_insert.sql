INSERT IGNORE INTO agent_current (agent_id, line_id, scanned_at, policy_id, n_scans)
VALUES (?, ?, '1970-01-02 00:00:00', 0, 0)
