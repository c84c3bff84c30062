SELECT agent_id, line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at), policy_id, profile,
  n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived,
  score, flags, n_vec, vec, said, detail_set, TIMESTAMPDIFF(SECOND, '1970-01-01', started_at),
  TIMESTAMPDIFF(SECOND, '1970-01-01', ingested_at)
FROM scan ORDER BY agent_id, line_id, scanned_at
