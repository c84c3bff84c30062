SELECT c.agent_id, c.line_id, c.policy_id, TIMESTAMPDIFF(SECOND, '1970-01-01', c.scanned_at), s.flags,
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived
FROM agent_current c STRAIGHT_JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = c.scanned_at
WHERE (? OR c.agent_id = ?) AND c.scanned_at >= ? ORDER BY c.agent_id, c.line_id
