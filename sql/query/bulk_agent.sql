INSERT IGNORE INTO agent (agent_id, name, alias, group_id, first_seen, last_seen) VALUES
-- rows --
