SELECT a.agent_id FROM agent a WHERE (? OR a.agent_id = ?)
  AND (EXISTS (SELECT 1 FROM scan s WHERE s.agent_id = a.agent_id AND s.ingested_at <= ?)
  OR EXISTS (SELECT 1 FROM scan_revision r WHERE r.agent_id = a.agent_id AND r.ingested_at <= ?))
