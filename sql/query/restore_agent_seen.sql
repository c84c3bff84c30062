UPDATE agent a SET a.first_seen = COALESCE((SELECT MIN(s.scanned_at) FROM scan s WHERE s.agent_id = a.agent_id), a.first_seen),
  a.last_seen = COALESCE((SELECT MAX(s.scanned_at) FROM scan s WHERE s.agent_id = a.agent_id), a.last_seen)
WHERE a.agent_id = ?
