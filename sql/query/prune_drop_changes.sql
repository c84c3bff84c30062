DELETE a FROM result_change a JOIN result_change b ON b.agent_id = a.agent_id AND b.line_id = a.line_id AND b.check_hash = a.check_hash
  AND b.changed_at > a.changed_at AND b.changed_at < ?
WHERE a.agent_id = ? AND a.line_id = ? AND a.changed_at < ?
