INSERT INTO agent_current (agent_id, line_id, scanned_at, policy_id, n_scans,
  n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived) VALUES
-- rows --
ON DUPLICATE KEY UPDATE scanned_at = VALUES(scanned_at), policy_id = VALUES(policy_id), n_scans = n_scans + VALUES(n_scans),
  n_pass = VALUES(n_pass), n_fixed = VALUES(n_fixed), n_fail = VALUES(n_fail), n_error = VALUES(n_error),
  n_unknown = VALUES(n_unknown), n_notchecked = VALUES(n_notchecked), n_notapplicable = VALUES(n_notapplicable),
  n_informational = VALUES(n_informational), n_notselected = VALUES(n_notselected), n_waived = VALUES(n_waived)
