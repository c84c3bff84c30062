INSERT INTO agent_contact (agent_id, last_contact) VALUES
-- rows --
ON DUPLICATE KEY UPDATE last_contact = GREATEST(last_contact, VALUES(last_contact))
