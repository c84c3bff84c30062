SELECT a.name, g.name, a.alias FROM agent a JOIN agent_group g ON g.group_id = a.group_id WHERE a.last_seen >= '1970-01-01' ORDER BY a.name
