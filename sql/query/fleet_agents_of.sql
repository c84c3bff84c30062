SELECT agent_id, name, alias, os, address, group_id, TIMESTAMPDIFF(SECOND, '1970-01-01', first_seen),
  TIMESTAMPDIFF(SECOND, '1970-01-01', last_seen)
FROM agent WHERE last_seen >= '1970-01-01' AND (agent_id = ? OR alias = ?
  OR name = (SELECT NULLIF(o.alias, '') FROM agent o WHERE o.agent_id = ?)
  OR alias = (SELECT NULLIF(o.alias, '') FROM agent o WHERE o.agent_id = ?)) ORDER BY name
