SELECT s.agent_id, s.policy_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at),
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived, s.score, s.flags
FROM (SELECT agent_id, line_id, MAX(scanned_at) AS newest FROM scan FORCE INDEX (PRIMARY)
      WHERE scanned_at < ? AND (? OR agent_id = ?) GROUP BY agent_id, line_id HAVING newest < ?) w
STRAIGHT_JOIN scan s
  ON w.agent_id = s.agent_id AND w.line_id = s.line_id AND w.newest = s.scanned_at
