UPDATE agent SET group_id = ? WHERE agent_id = ?
