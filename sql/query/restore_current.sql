UPDATE agent_current c SET
  c.n_scans = (SELECT COUNT(*) FROM scan s WHERE s.agent_id = c.agent_id AND s.line_id = c.line_id),
  c.scanned_at = (SELECT MAX(s.scanned_at) FROM scan s WHERE s.agent_id = c.agent_id AND s.line_id = c.line_id)
WHERE c.agent_id = ? AND c.line_id = ?
