SELECT agent_id, name, alias, os, address, group_id, TIMESTAMPDIFF(SECOND, '1970-01-01', first_seen),
  TIMESTAMPDIFF(SECOND, '1970-01-01', last_seen)
FROM agent WHERE last_seen >= '1970-01-01' ORDER BY name
