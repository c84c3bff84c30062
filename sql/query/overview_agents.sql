SELECT a.agent_id, a.group_id, TIMESTAMPDIFF(SECOND, '1970-01-01', a.last_seen),
  TIMESTAMPDIFF(SECOND, '1970-01-01', k.last_contact), a.name, a.alias, a.os, a.address
FROM agent a LEFT JOIN agent_contact k ON k.agent_id = a.agent_id
WHERE (? OR a.agent_id = ?) AND a.last_seen >= '1970-01-01' ORDER BY a.agent_id
