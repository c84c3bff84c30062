SELECT agent_id, line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at), policy_id, n_scans,
  n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived
FROM agent_current ORDER BY agent_id, line_id
