SELECT s.agent_id, s.policy_id, TIMESTAMPDIFF(SECOND, '1970-01-01', s.scanned_at),
  s.n_pass, s.n_fixed, s.n_fail, s.n_error, s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational,
  s.n_notselected, s.n_waived, s.score, s.flags
FROM scan s
JOIN (SELECT c.agent_id, c.line_id, IF(c.scanned_at < ?, c.scanned_at,
        (SELECT n.scanned_at FROM scan n WHERE n.agent_id = c.agent_id AND n.line_id = c.line_id AND n.scanned_at < ?
        ORDER BY n.scanned_at DESC LIMIT 1)) AS newest
      FROM agent_current c WHERE (? OR c.agent_id = ?)) w
  ON w.agent_id = s.agent_id AND w.line_id = s.line_id AND w.newest = s.scanned_at
WHERE w.newest < ?
