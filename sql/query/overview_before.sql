SELECT agent_id, line_id, policy_id, TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at), flags,
  n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived
FROM scan WHERE agent_id = ? AND line_id = ? AND scanned_at >= ? AND scanned_at < ? ORDER BY scanned_at DESC LIMIT 1
