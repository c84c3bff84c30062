SELECT agent_id, line_id, month, TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at), policy_id,
  n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational,
  n_notselected, n_waived, score, flags, n_scans, scan_digest, next_month
FROM month_state WHERE chunk = ? AND month <= ? AND next_month > ? ORDER BY agent_id, line_id
