INSERT IGNORE INTO agent_group (group_id, name) VALUES
-- rows --
