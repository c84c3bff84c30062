SELECT agent_id FROM agent WHERE agent_id = ? AND last_seen >= '1970-01-01'
