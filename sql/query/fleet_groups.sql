SELECT group_id, name FROM agent_group ORDER BY name
