UPDATE agent_group SET name = ? WHERE group_id = ? AND name <> ?
