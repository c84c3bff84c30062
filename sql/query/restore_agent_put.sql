INSERT IGNORE INTO agent (agent_id, name, alias, os, address, group_id, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
