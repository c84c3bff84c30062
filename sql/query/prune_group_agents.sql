SELECT agent_id FROM agent WHERE group_id = ?
