UPDATE finding f SET f.since = COALESCE(
  (SELECT MAX(c.changed_at) FROM result_change c
   WHERE c.agent_id = f.agent_id AND c.line_id = f.line_id AND c.check_hash = f.check_hash),
  (SELECT MIN(s.scanned_at) FROM scan s WHERE s.agent_id = ? AND s.line_id = ? AND s.n_vec > 0))
WHERE f.agent_id = ? AND f.line_id = ?
