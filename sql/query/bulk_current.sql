INSERT IGNORE INTO agent_current (agent_id, line_id, scanned_at, policy_id, n_scans) VALUES
-- rows --
