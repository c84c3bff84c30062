INSERT INTO agent_current (agent_id, line_id, scanned_at, policy_id, n_scans) VALUES
-- rows --
ON DUPLICATE KEY UPDATE scanned_at = VALUES(scanned_at), policy_id = VALUES(policy_id),
  n_scans = n_scans + VALUES(n_scans)
