SELECT agent_id, TO_SECONDS(last_contact) - 62167219200 FROM agent_contact WHERE (? OR agent_id = ?) ORDER BY agent_id
