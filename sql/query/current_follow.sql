UPDATE agent_current c LEFT JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = c.scanned_at
SET c.policy_id = COALESCE(s.policy_id, 0),
  c.n_pass = COALESCE(s.n_pass, 0), c.n_fixed = COALESCE(s.n_fixed, 0), c.n_fail = COALESCE(s.n_fail, 0),
  c.n_error = COALESCE(s.n_error, 0), c.n_unknown = COALESCE(s.n_unknown, 0), c.n_notchecked = COALESCE(s.n_notchecked, 0),
  c.n_notapplicable = COALESCE(s.n_notapplicable, 0), c.n_informational = COALESCE(s.n_informational, 0),
  c.n_notselected = COALESCE(s.n_notselected, 0), c.n_waived = COALESCE(s.n_waived, 0)
WHERE c.agent_id = ? AND c.line_id = ?
