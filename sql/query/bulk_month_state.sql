INSERT INTO month_state (agent_id, line_id, month, chunk, next_month, scanned_at, policy_id,
  n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational,
  n_notselected, n_waived, score, flags, n_scans, scan_digest) VALUES
-- rows --
