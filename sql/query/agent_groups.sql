SELECT a.name, g.name, a.alias FROM agent a JOIN agent_group g ON g.group_id = a.group_id ORDER BY a.name
