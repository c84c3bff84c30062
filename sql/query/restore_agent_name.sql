UPDATE agent SET name = ? WHERE agent_id = ? AND name <> ?
