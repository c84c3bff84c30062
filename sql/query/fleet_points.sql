SELECT s.agent_id, s.policy_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at),
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived, s.score, s.flags
FROM scan s WHERE (? OR s.agent_id = ?) AND s.scanned_at >= ? AND s.scanned_at < ?
