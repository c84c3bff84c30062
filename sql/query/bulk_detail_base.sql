INSERT IGNORE INTO detail_base (hash, policy_id, body) VALUES
-- rows --
